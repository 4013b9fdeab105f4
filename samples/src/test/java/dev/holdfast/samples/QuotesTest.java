package dev.holdfast.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation quotes is in the samples, which are compiled and run. */
final class QuotesTest {

    /** Surefire runs in the folder of the module. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void every_block_of_java_in_the_documentation_is_in_its_source() throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("samples/cluster/README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<String> faults = new ArrayList<>();
        int quoted = 0;
        for (Path page : pages) {
            for (Quote quote : Quote.in(page)) {
                quoted++;
                String fault = quote.fault(ROOT);
                if (!fault.isEmpty()) {
                    faults.add(quote.place() + " " + fault);
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(quoted).isPositive();
    }

    @Test
    void a_quote_that_differs_is_found(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("A.java"), "class A {\n    int one;\n    int two;\n\n    int three;\n}\n");
        assertThat(fault(root, "<!-- from A.java -->", "int one;\nint two;")).isEmpty();
        assertThat(fault(root, "<!-- from A.java -->", "int two;\nint three;")).isEmpty();
        assertThat(fault(root, "<!-- from A.java -->", "class A {\n...\nint three;"))
                .isEmpty();
        assertThat(fault(root, "<!-- from A.java -->", "int one;\nint three;")).contains("is not in A.java");
        assertThat(fault(root, "<!-- from A.java -->", "int three;\n...\nint one;"))
                .contains("is not in A.java");
        assertThat(fault(root, "<!-- from A.java -->", "int on")).contains("is not in A.java");
        assertThat(fault(root, "<!-- from B.java -->", "int one;")).contains("not there");
        assertThat(fault(root, "", "int one;")).contains("no line before it");
        assertThat(fault(root, "<!-- not from a program: a sketch -->", "int four;"))
                .isEmpty();
    }

    private static String fault(Path root, String mark, String code) throws IOException {
        Path page = root.resolve("page.md");
        Files.writeString(page, "# Title\n\n" + mark + "\n```java\n" + code + "\n```\n");
        List<Quote> quotes = Quote.in(page);
        assertThat(quotes).hasSize(1);
        return quotes.get(0).fault(root);
    }
}
