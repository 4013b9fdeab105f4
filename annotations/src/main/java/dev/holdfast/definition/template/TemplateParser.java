package dev.holdfast.definition.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a template apart:
 *
 * <pre>
 * template = { any character but a brace | "{{" | "}}" | "{" hole "}" }
 * hole     = root { "." name [ "(" [ literal { "," literal } ] ")" ] }
 * root     = name | "#" number
 * literal  = "'" { any character but a quote | "''" } "'"
 * </pre>
 *
 * <p>Spaces may stand around the parts of a hole. Not thread-safe: it lives for one text.
 */
final class TemplateParser {

    /** Literal text, or a {@link Hole}. */
    sealed interface Part permits Literal, Hole {}

    /** Text that stands for itself, never empty. */
    record Literal(String text) implements Part {}

    /** What is put in its place is found along this path. */
    record Hole(String root, List<Step> steps) implements Part {}

    /**
     * One step of a path.
     *
     * @param literals what a method is given; null where it is none that is called by its own name
     */
    record Step(String name, @Nullable List<String> literals) {}

    /** Why a text is no template: rule and remedy. */
    static final class NoTemplate extends Exception {

        private static final long serialVersionUID = 1L;

        NoTemplate(String message) {
            super(message, null, false, false);
        }
    }

    private final String text;
    private int at;

    private TemplateParser(String text) {
        this.text = text;
    }

    /** The parts of a template, no two literals beside each other. */
    static List<Part> parse(String text) throws NoTemplate {
        return new TemplateParser(text).template();
    }

    private List<Part> template() throws NoTemplate {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if ((c == '{' || c == '}') && peek() == c) {
                at++;
                literal.append(c);
            } else if (c == '{') {
                if (!literal.isEmpty()) {
                    parts.add(new Literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(hole());
            } else if (c == '}') {
                throw new NoTemplate("a } without a { before it; expected: }} for one that stands for itself");
            } else {
                literal.append(c);
            }
        }
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
        }
        return List.copyOf(parts);
    }

    private Hole hole() throws NoTemplate {
        String root = peekAfterSpaces() == '#' ? position() : name();
        List<Step> steps = new ArrayList<>();
        while (true) {
            char c = peekAfterSpaces();
            if (c == '}') {
                at++;
                return new Hole(root, List.copyOf(steps));
            }
            if (c != '.') {
                throw unexpected(". or }");
            }
            at++;
            String name = name();
            steps.add(new Step(name, peekAfterSpaces() == '(' ? literals() : null));
        }
    }

    private String position() throws NoTemplate {
        int from = at++;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from + 1) {
            throw unexpected("the number of a parameter, as in #0");
        }
        return text.substring(from, at);
    }

    private String name() throws NoTemplate {
        peekAfterSpaces();
        int from = at;
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
        if (at == from || !Character.isJavaIdentifierStart(text.charAt(from))) {
            at = from;
            throw unexpected("a name");
        }
        return text.substring(from, at);
    }

    private List<String> literals() throws NoTemplate {
        at++;
        List<String> literals = new ArrayList<>();
        while (peekAfterSpaces() != ')' || !literals.isEmpty()) {
            if (peekAfterSpaces() != '\'') {
                throw unexpected("text in single quotes");
            }
            literals.add(literal());
            char c = peekAfterSpaces();
            if (c == ')') {
                break;
            }
            if (c != ',') {
                throw unexpected(", or )");
            }
            at++;
        }
        at++;
        return List.copyOf(literals);
    }

    private String literal() throws NoTemplate {
        at++;
        StringBuilder literal = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\'') {
                literal.append(c);
            } else if (peek() == '\'') {
                at++;
                literal.append(c);
            } else {
                return literal.toString();
            }
        }
        throw unexpected("a single quote");
    }

    private char peekAfterSpaces() {
        while (peek() == ' ') {
            at++;
        }
        return peek();
    }

    /** The next character; 0 at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private NoTemplate unexpected(String expected) {
        String found = at < text.length() ? "\"" + text.substring(at, at + 1) + "\"" : "its end";
        return new NoTemplate("expected: " + expected + " at character " + (at + 1) + ", found: " + found);
    }
}
