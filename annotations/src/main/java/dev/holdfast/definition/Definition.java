package dev.holdfast.definition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One annotation as the class file has it: only the attributes that were written, as text and names, never as classes. The weaver
 * hands the annotations of a method on in Java's own syntax, a line each:
 *
 * <pre>{@code @Recover(attempts=3,on={java.io.IOException.class},breaker={@CircuitBreaker(failureRate=25.0)},backoff=FIBONACCI)}</pre>
 *
 * <p>A line that begins with {@code !} is a fault that was found while weaving. One that begins with {@code #} has the names of the method's
 * parameters, with a {@code ;} between them, where reflection does not tell them.
 *
 * @param annotation the simple name, as in {@code Recover}
 * @param attributes by name: {@link Long}, {@link Double}, {@link Boolean}, {@link String}, {@link Name}, {@link Definition}, or a
 *     {@link List} of these
 */
public record Definition(String annotation, Map<String, Object> attributes) {

    public Definition {
        attributes = Map.copyOf(attributes);
    }

    /** A class by its binary name, or the name of an enum constant. */
    public record Name(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * All annotations of a method, and the faults that were found while they were woven.
     *
     * @param parameterNames those that reflection does not tell; an empty text for a parameter without, empty where there is nothing to tell
     */
    public record Text(List<Definition> definitions, List<String> faults, List<String> parameterNames) {}

    /**
     * Reads what the weaver wrote.
     *
     * @throws IllegalArgumentException if it is not in that form
     */
    public static Text parse(String text) {
        List<Definition> definitions = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        List<String> parameterNames = List.of();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("!")) {
                faults.add(new Reader(line, 1).escaped('\0'));
            } else if (line.startsWith("#")) {
                parameterNames = List.of(new Reader(line, 1).escaped('\0').split(";", -1));
            } else if (!line.isEmpty()) {
                Reader reader = new Reader(line, 0);
                definitions.add(reader.annotation());
                reader.end();
            }
        }
        return new Text(List.copyOf(definitions), List.copyOf(faults), parameterNames);
    }

    /** Recursive descent over one line. */
    private static final class Reader {

        private final String line;
        private int at;

        Reader(String line, int at) {
            this.line = line;
            this.at = at;
        }

        Definition annotation() {
            expect('@');
            String name = word();
            Map<String, Object> attributes = new LinkedHashMap<>();
            expect('(');
            while (peek() != ')') {
                if (!attributes.isEmpty()) {
                    expect(',');
                }
                String attribute = word();
                expect('=');
                attributes.put(attribute, value());
            }
            expect(')');
            return new Definition(name, attributes);
        }

        private Object value() {
            return switch (peek()) {
                case '@' -> annotation();
                case '{' -> array();
                case '"' -> string();
                default -> literal(word());
            };
        }

        private String string() {
            expect('"');
            String text = escaped('"');
            expect('"');
            return text;
        }

        private List<Object> array() {
            List<Object> values = new ArrayList<>();
            expect('{');
            while (peek() != '}') {
                if (!values.isEmpty()) {
                    expect(',');
                }
                values.add(value());
            }
            expect('}');
            return List.copyOf(values);
        }

        private static Object literal(String word) {
            if (word.equals("true") || word.equals("false")) {
                return Boolean.valueOf(word);
            }
            if (word.endsWith(".class")) {
                return new Name(word.substring(0, word.length() - ".class".length()));
            }
            char first = word.charAt(0);
            boolean number = first == '-' || (first >= '0' && first <= '9');
            if (word.equals("NaN") || word.endsWith("Infinity") || (number && word.indexOf('.') >= 0)) {
                return Double.valueOf(word);
            }
            if (number) {
                return Long.valueOf(word);
            }
            return new Name(word);
        }

        /** Text up to the given character or the end, with its escapes resolved. */
        String escaped(char end) {
            StringBuilder text = new StringBuilder();
            while (at < line.length() && line.charAt(at) != end) {
                char c = line.charAt(at++);
                text.append(c == '\\' ? unescape() : c);
            }
            return text.toString();
        }

        private char unescape() {
            char c = take();
            return switch (c) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> hexadecimal();
                default -> c;
            };
        }

        private char hexadecimal() {
            at += 4;
            if (at > line.length()) {
                throw unreadable();
            }
            return (char) Integer.parseInt(line, at - 4, at, 16);
        }

        private String word() {
            int from = at;
            while (at < line.length() && "@(){}=,\"".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            if (from == at) {
                throw unreadable();
            }
            return line.substring(from, at);
        }

        private char peek() {
            if (at >= line.length()) {
                throw unreadable();
            }
            return line.charAt(at);
        }

        private char take() {
            char c = peek();
            at++;
            return c;
        }

        private void expect(char c) {
            if (take() != c) {
                throw unreadable();
            }
        }

        void end() {
            if (at != line.length()) {
                throw unreadable();
            }
        }

        private IllegalArgumentException unreadable() {
            return new IllegalArgumentException("cannot read the definition at " + at + ": " + line);
        }
    }
}
