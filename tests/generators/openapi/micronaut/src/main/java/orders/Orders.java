// The orders API in Micronaut, described by its own processor of annotations, which writes the document while it compiles.
package orders;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Part;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.multipart.CompletedFileUpload;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;

@Controller("/orders")
public class Orders {
  public enum Status { open, paid }

  @Introspected
  public record Customer(@NotNull String name, @Nullable String email) {}

  @Introspected
  public record Item(@NotNull String sku, @Min(1) int quantity, @NotNull BigDecimal price) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({@JsonSubTypes.Type(value = Card.class, name = "card"), @JsonSubTypes.Type(value = Invoice.class, name = "invoice")})
  public interface Payment {}

  @Introspected
  public record Card(@NotNull String number) implements Payment {}

  @Introspected
  public record Invoice(@NotNull Integer days) implements Payment {}

  @Introspected
  public record Order(
      @JsonProperty(access = JsonProperty.Access.READ_ONLY) @Nullable Long id, @NotNull Customer customer,
      @NotNull List<Item> items, @NotNull Payment payment, @Nullable String note, @Nullable Status status,
      @NotNull OffsetDateTime deliver) {}

  @Operation(summary = "List orders")
  @Get
  public List<Order> list(
      @Nullable @QueryValue Status status, @QueryValue(defaultValue = "20") int limit, @Nullable @QueryValue String search,
      @Nullable @QueryValue List<String> tags) {
    return List.of();
  }

  @Operation(summary = "Get one order")
  @Get("/{order}")
  public Order read(@PathVariable long order) {
    return null;
  }

  @Operation(summary = "Create an order")
  @Post
  public Order create(@Body Order body) {
    return body;
  }

  @Operation(summary = "Add a file to an order")
  @Post(uri = "/{order}/files", consumes = MediaType.MULTIPART_FORM_DATA)
  public void addFile(@PathVariable long order, @Part("file") CompletedFileUpload file, @Part("title") String title) {}
}
