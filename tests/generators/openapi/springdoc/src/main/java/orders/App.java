// The orders API in Spring, described by springdoc; it writes what GET /v3/api-docs answers.
package orders;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.multipart.MultipartFile;

@SpringBootApplication
@RestController
@RequestMapping("/orders")
public class App {
  enum Status { open, paid }

  record Customer(@NotNull String name, String email) {}

  record Item(@NotNull String sku, @Min(1) int quantity, @NotNull BigDecimal price) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({@JsonSubTypes.Type(value = Card.class, name = "card"), @JsonSubTypes.Type(value = Invoice.class, name = "invoice")})
  @Schema(
      oneOf = {Card.class, Invoice.class}, discriminatorProperty = "kind",
      discriminatorMapping = {
        @DiscriminatorMapping(value = "card", schema = Card.class),
        @DiscriminatorMapping(value = "invoice", schema = Invoice.class)})
  interface Payment {}

  record Card(@NotNull String number) implements Payment {}

  record Invoice(@NotNull Integer days) implements Payment {}

  record Order(
      @JsonProperty(access = JsonProperty.Access.READ_ONLY) Long id, @NotNull Customer customer, @NotNull List<Item> items,
      @NotNull Payment payment, String note, Status status, @NotNull OffsetDateTime deliver) {}

  @Operation(summary = "List orders")
  @GetMapping
  List<Order> list(
      @RequestParam(required = false) Status status, @RequestParam(defaultValue = "20") int limit,
      @RequestParam(required = false) String search, @RequestParam(required = false) List<String> tags) {
    return List.of();
  }

  @Operation(summary = "Get one order")
  @GetMapping("/{order}")
  Order read(@PathVariable("order") long order) {
    return null;
  }

  @Operation(summary = "Create an order")
  @PostMapping
  Order create(@RequestBody Order body) {
    return body;
  }

  @Operation(summary = "Add a file to an order")
  @PostMapping(path = "/{order}/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  void addFile(@PathVariable("order") long order, @RequestPart("file") MultipartFile file, @RequestPart("title") String title) {}

  public static void main(String[] given) throws Exception {
    var context = SpringApplication.run(App.class, "--server.port=0");
    var port = context.getEnvironment().getProperty("local.server.port");
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs")).build();
    HttpClient.newHttpClient().send(request, BodyHandlers.ofFile(Path.of("openapi.json")));
    System.exit(0);
  }
}
