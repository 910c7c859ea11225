import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Reads texts of documents, one JSON string a line, and prints what swagger-parser makes of each, one JSON object a line. */
public class Verdicts {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            var answer = new OpenAPIV3Parser().readContents(json.readValue(line, String.class), null, options);
            List<String> messages = answer.getMessages() == null ? List.of() : answer.getMessages();
            System.out.println(json.writeValueAsString(
                Map.of("messages", messages.stream().sorted().toList(), "read", answer.getOpenAPI() != null)));
        }
    }
}
