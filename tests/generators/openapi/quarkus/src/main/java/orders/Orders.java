// The orders API in Quarkus, described by its own extension for OpenAPI, which writes the document while it builds.
package orders;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.DiscriminatorMapping;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.multipart.FileUpload;

@Path("/orders")
public class Orders {
  public enum Status { open, paid }

  public record Customer(@NotNull String name, String email) {}

  public record Item(@NotNull String sku, @Min(1) int quantity, @NotNull BigDecimal price) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({@JsonSubTypes.Type(value = Card.class, name = "card"), @JsonSubTypes.Type(value = Invoice.class, name = "invoice")})
  @Schema(
      oneOf = {Card.class, Invoice.class}, discriminatorProperty = "kind",
      discriminatorMapping = {
        @DiscriminatorMapping(value = "card", schema = Card.class),
        @DiscriminatorMapping(value = "invoice", schema = Invoice.class)})
  public interface Payment {}

  public record Card(@NotNull String number) implements Payment {}

  public record Invoice(@NotNull Integer days) implements Payment {}

  public record Order(
      @JsonProperty(access = JsonProperty.Access.READ_ONLY) Long id, @NotNull Customer customer, @NotNull List<Item> items,
      @NotNull Payment payment, String note, Status status, @NotNull OffsetDateTime deliver) {}

  @GET
  @Operation(summary = "List orders")
  public List<Order> list(
      @RestQuery Status status, @RestQuery @DefaultValue("20") int limit, @RestQuery String search,
      @RestQuery List<String> tags) {
    return List.of();
  }

  @GET
  @Path("/{order}")
  @Operation(summary = "Get one order")
  public Order read(@RestPath long order) {
    return null;
  }

  @POST
  @Operation(summary = "Create an order")
  public Order create(Order body) {
    return body;
  }

  @POST
  @Path("/{order}/files")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  @Operation(summary = "Add a file to an order")
  public void addFile(@RestPath long order, @RestForm FileUpload file, @RestForm String title) {}
}
