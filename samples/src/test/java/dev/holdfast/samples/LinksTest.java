package dev.holdfast.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links of the documentation to its own pages, their headings, and files of the project lead somewhere. */
final class LinksTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    @Test
    void every_link_leads_somewhere() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of("", "docs", "benchmarks", "samples", "samples/cluster")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        List<String> faults = new ArrayList<>();
        for (Path page : pages) {
            faults.addAll(faults(page));
        }
        assertThat(faults).isEmpty();
        assertThat(pages).hasSizeGreaterThan(2);
    }

    @Test
    void a_link_that_leads_nowhere_is_found(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("b.md"), "# A `heading`, and more\n");
        Path page = Files.writeString(
                root.resolve("a.md"),
                "[one](b.md) [two](b.md#a-heading-and-more) [three](#here) [four](https://example.org/none)\n\n## Here\n");
        assertThat(faults(page)).isEmpty();
        Files.writeString(page, "[one](c.md) [two](b.md#heading) [three](#there)");
        assertThat(faults(page)).hasSize(3);
    }

    private static List<String> faults(Path page) throws IOException {
        List<String> faults = new ArrayList<>();
        for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
            Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
            if (!Files.exists(target)) {
                faults.add(page.getFileName() + " links to " + link.group(1) + ", which is not there");
            } else if (link.group(2) != null && !anchors(target).contains(link.group(2))) {
                faults.add(page.getFileName() + " links to a heading that is not there: " + link.group());
            }
        }
        return faults;
    }

    /** As the usual viewers name headings: lower case, hyphens for blanks, without other characters. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{Alnum} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
