package dev.holdfast.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of Java in the documentation. Before it stands where it was taken from, or that it was written for the page:
 *
 * <pre>
 * &lt;!-- from samples/src/main/java/dev/holdfast/samples/prices/Prices.java --&gt;
 * &lt;!-- not from a program: what the weaver makes --&gt;
 * </pre>
 *
 * <p>A line of dots parts a quote: what is before it and what is behind stand in the source in that order, each in one piece.
 *
 * @param place page and line
 * @param mark the line before it; empty for none
 * @param lines the code
 */
record Quote(String place, String mark, List<String> lines) {

    private static final Pattern FROM = Pattern.compile("<!-- from (\\S+) -->");
    private static final Pattern NOT_FROM = Pattern.compile("<!-- not from a program: .+ -->");

    /** All blocks of Java of a page. */
    static List<Quote> in(Path page) throws IOException {
        List<String> text = Files.readAllLines(page);
        List<Quote> quotes = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            if (text.get(i).strip().equals("```java")) {
                int begin = i + 1;
                i = begin;
                while (!text.get(i).strip().equals("```")) {
                    i++;
                }
                String mark = begin < 2 ? "" : text.get(begin - 2).strip();
                quotes.add(new Quote(page.getFileName() + ":" + begin, mark, text.subList(begin, i)));
            }
        }
        return quotes;
    }

    /** What is wrong with it; empty if nothing is. */
    String fault(Path root) throws IOException {
        if (NOT_FROM.matcher(mark).matches()) {
            return "";
        }
        Matcher from = FROM.matcher(mark);
        if (!from.matches()) {
            return "has no line before it that says where it is from";
        }
        Path source = root.resolve(from.group(1));
        if (!Files.isRegularFile(source)) {
            return "is said to be from " + from.group(1) + ", which is not there";
        }
        String rest = joined(Files.readAllLines(source));
        for (String piece : joined(lines).split("\n\\.\\.\\.\n", -1)) {
            int at = rest.indexOf(piece);
            if (at < 0) {
                return "is not in " + from.group(1) + " like this:" + piece;
            }
            rest = rest.substring(at + piece.length() - 1);
        }
        return "";
    }

    /** Without indentation, and without blank lines; with a line break before and after each. */
    private static String joined(List<String> lines) {
        StringBuilder joined = new StringBuilder("\n");
        for (String line : lines) {
            if (!line.isBlank()) {
                joined.append(line.strip()).append('\n');
            }
        }
        return joined.toString();
    }
}
