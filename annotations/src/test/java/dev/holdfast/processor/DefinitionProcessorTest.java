package dev.holdfast.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.Recover;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the compiler says of definitions, and where. */
final class DefinitionProcessorTest {

    private static final String HEAD = "package shop; import dev.holdfast.*; import java.io.*;\n";

    @TempDir
    private Path out;

    /** The text that a message points at: of its line from there on. */
    private record Said(Diagnostic.Kind kind, String at, String message) {}

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public String getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private List<Said> compile(String name, String text, String... options) throws IOException {
        return compile(Map.of(name, text), options);
    }

    private List<Said> compile(Map<String, String> sources, String... options) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "no compiler");
        DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
        List<String> all = new ArrayList<>(List.of("--release", "17", "-Xlint:all,-processing", "-d", out.toString()));
        all.addAll(List.of("-classpath", annotations()));
        all.addAll(List.of(options));
        List<Source> files = new ArrayList<>();
        sources.forEach((name, text) -> files.add(new Source(name, text)));
        StringWriter rest = new StringWriter();
        JavaCompiler.CompilationTask task = compiler.getTask(rest, null, told, all, null, files);
        task.setProcessors(List.of(new DefinitionProcessor(), new OwnAnnotations()));
        task.setLocale(Locale.ROOT);
        boolean done = task.call();
        List<Said> said = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> one : told.getDiagnostics()) {
            String at = "";
            if (one.getSource() instanceof Source source && one.getPosition() != Diagnostic.NOPOS) {
                at = source.text
                        .substring((int) one.getPosition())
                        .lines()
                        .findFirst()
                        .orElse("");
            }
            said.add(new Said(one.getKind(), at, one.getMessage(Locale.ROOT)));
        }
        assertThat(rest.toString()).isEmpty();
        assertThat(done).as("%s", said).isEqualTo(said.stream().noneMatch(one -> one.kind == Diagnostic.Kind.ERROR));
        return said;
    }

    /** Where this build has put the annotations. */
    private static String annotations() {
        return Path.of(URI.create(Objects.requireNonNull(
                                Recover.class.getProtectionDomain().getCodeSource())
                        .getLocation()
                        .toString()))
                .toString();
    }

    @Test
    void says_nothing_of_what_is_sound() throws IOException {
        String text = HEAD + """
                abstract class Source<T, V extends Comparable<V>> {
                    protected T cached(T id, IOException failure) { return id; }
                    @Recover(attempts = 2) V self(V[] all, Class<? extends V> kind) { return all[0]; }
                    @Recover(attempts = 2) <X extends Comparable<X> & Serializable> X both(X x) { return x; }
                }
                @Recover(attempts = 2) class Quotes<V extends Comparable<V>> extends Source<String, V> {
                    @Recover(attempts = 3, delay = "1m30s", on = IOException.class, fallback = "cached", breaker = @CircuitBreaker(name = "b"))
                    String quote(String id) throws IOException { return id; }
                    @Recover(handler = Given.class) int[][] count(int... of) { return null; }
                    static class Given implements RecoveryHandler {
                        public Object recover(Failure failure) { return null; }
                    }
                    @Twice static void twice() {}
                    class Inner { Inner(int i) {} @Recover(timeout = "1s") long inner(double d, char[] c) { return 1; } }
                }
                @Recover(attempts = 2) @interface Twice {}
                record Pair(int left) { @Recover(attempts = 2) public int left() { return left; } }
                enum Kind { A { @Override @Recover(attempts = 2) void go() {} }; void go() {} }
                interface Stock { @Recover(attempts = 2) default int left() { return 1; } int right(); }
                """;
        assertThat(compile("shop/Quotes.java", text)).isEmpty();
        try (Stream<Path> classes = Files.list(out.resolve("shop"))) {
            assertThat(classes).isNotEmpty();
        }
    }

    @Test
    void takes_an_inner_class_that_extends_the_generic_class_around_it() throws IOException {
        assertThat(compile("shop/Outer.java", HEAD + """
                class Outer<A, B> {
                    class Same extends Outer<A, B> {
                        @Recover(fallback = "spare") Object find(A id) { return id; }
                        Object spare(A id) { return id; }
                        Object spare(String id) { return id; }
                    }
                    class Crossed extends Outer<B, A> {
                        @Recover(fallback = "spare") Object find(A id) { return id; }
                        Object spare(A id) { return id; }
                        Object spare(String id) { return id; }
                    }
                }
                """)).isEmpty();
    }

    @Test
    void leaves_alone_what_each_enum_has() throws IOException {
        assertThat(compile("shop/Level.java", HEAD + """
                @RateLimited(permits = 5, key = "{this}") enum Level { LOW, HIGH; int rank() { return 1; } }
                """, "-Xlint:processing")).isEmpty();
    }

    @Test
    void points_at_each_attribute_that_is_wrong() throws IOException {
        String text = HEAD + """
                class Orders {
                    @Recover(attempts = 0, delay = "soon",
                        fallback = "nowhere")
                    int count(String customer) { return 1; }
                }
                """;
        assertThat(compile("shop/Orders.java", text))
                .containsExactlyInAnyOrder(
                        new Said(
                                Diagnostic.Kind.ERROR,
                                "0, delay = \"soon\",",
                                "shop.Orders.count(String): @Recover attempts must be 1 or more, was 0"),
                        new Said(
                                Diagnostic.Kind.ERROR,
                                "\"soon\",",
                                "shop.Orders.count(String): @Recover delay must be a whole number and a unit"
                                        + " (ns, us, ms, s, m, h or d), as in 100ms or 1m30s, was \"soon\""),
                        new Said(
                                Diagnostic.Kind.ERROR,
                                "\"nowhere\")",
                                "shop.Orders.count(String): @Recover fallback \"nowhere\" not found; expected: int nowhere(String)"
                                        + " or int nowhere(String, Throwable) in shop.Orders"));
    }

    @Test
    void points_at_an_annotation_within_another() throws IOException {
        String text = HEAD + """
                class Orders {
                    @Recover(breaker = @CircuitBreaker(
                        failureRate = 200))
                    void send() {}
                }
                """;
        assertThat(compile("shop/Orders.java", text)).singleElement().satisfies(said -> {
            assertThat(said.at()).isEqualTo("200))");
            assertThat(said.message()).startsWith("shop.Orders.send(): @Recover breaker failureRate must be ");
        });
    }

    @Test
    void points_at_the_annotation_where_no_attribute_is_at_fault() throws IOException {
        String text = HEAD + "class Orders {\n    @Recover int bare() { return 1; }\n}\n";
        assertThat(compile("shop/Orders.java", text)).singleElement().satisfies(said -> {
            assertThat(said.at()).isEqualTo("@Recover int bare() { return 1; }");
            assertThat(said.message()).startsWith("shop.Orders.bare(): @Recover can do nothing; expected: ");
        });
    }

    @Test
    void points_at_the_class_or_at_the_composed_annotation_that_brings_it() throws IOException {
        String text = HEAD + """
                @Recover(attempts = -1) class Orders { void send() {} private void own() {} }
                @Recover(attempts = -2) @interface Twice {}
                class Stock { @Twice void left() {} }
                """;
        assertThat(compile("shop/Orders.java", text))
                .extracting(said -> said.at() + " " + said.message())
                .containsExactlyInAnyOrder(
                        "-1) class Orders { void send() {} private void own() {} }"
                                + " shop.Orders.send(): @Recover attempts must be 1 or more, was -1",
                        "@Twice void left() {} } shop.Stock.left(): @Recover attempts must be 1 or more, was -2");
    }

    @Test
    void refuses_what_has_no_body_that_can_be_repeated() throws IOException {
        String text = HEAD + """
                @Recover(attempts = 2) abstract class Orders {
                    abstract void covered();
                    @Recover(attempts = 2) abstract void bare();
                    @Recover(attempts = 3) native void fast();
                    @Made Orders() {}
                }
                @Recover(attempts = 2) @interface Made {}
                """;
        assertThat(compile("shop/Orders.java", text))
                .extracting(said -> said.at() + " " + said.message().replaceAll(";.*", ""))
                .containsExactlyInAnyOrder(
                        "@Recover(attempts = 2) abstract void bare(); shop.Orders.bare(): @Recover does not work on an abstract"
                                + " method, which has no body",
                        "@Recover(attempts = 3) native void fast(); shop.Orders.fast(): @Recover does not work on a native method,"
                                + " whose body is not in the class file",
                        "@Made Orders() {} shop.Orders.<init>(): @Recover does not work on constructors and initialisers, which"
                                + " cannot be repeated");
    }

    @Test
    void finds_one_name_that_means_two_breakers() throws IOException {
        String text = HEAD + """
                class Orders {
                    @Recover(breaker = @CircuitBreaker(name = "one")) void send() {}
                    @Recover(breaker = @CircuitBreaker(name = "one", window = 7)) void take() {}
                }
                """;
        assertThat(compile("shop/Orders.java", text)).singleElement().satisfies(said -> assertThat(said.message())
                .startsWith("shop.Orders.take(): @Recover breaker name \"one\""));
    }

    @Test
    void leaves_to_the_compiler_what_it_cannot_see() throws IOException {
        String text = HEAD + "class Orders {\n @Recover(attempts = 0) Absent send() { return null; }\n}\n";
        assertThat(compile("shop/Orders.java", text))
                .filteredOn(said -> said.kind() == Diagnostic.Kind.ERROR)
                .singleElement()
                .satisfies(said -> assertThat(said.message()).contains("cannot find symbol", "Absent"));
    }

    @Test
    void can_be_turned_off() throws IOException {
        String text = HEAD + "class Orders {\n @Recover(attempts = 0) void send() {}\n}\n";
        assertThat(compile("shop/Orders.java", text, "-Aholdfast.check=false")).isEmpty();
        assertThat(compile("shop/Orders.java", text, "-Aholdfast.check=true")).hasSize(1);
    }

    @Test
    void does_not_stumble_over_modules_packages_and_empty_types() throws IOException {
        Map<String, String> sources = Map.of(
                "module-info.java", "module shop { }",
                "shop/package-info.java", "package shop;",
                "shop/Empty.java", "package shop; interface Empty {}");
        assertThat(compile(sources)).isEmpty();
    }

    /** Of annotations that are repeated the compiler does not tell where each stands: then it points at the method. */
    @Test
    void tells_what_is_wrong_with_limits() throws IOException {
        String text = HEAD + """
                class Quotes {
                    @RateLimited(permits = 5, key = "{user}", cost = "{count}", scope = Scope.CLUSTER) void sound(String user, int count) {}
                    @RateLimited(permits = 0)
                    @RateLimited(permits = 2, cost = "3") void twice() {}
                    @RateLimited(permits = 2, key = "{nobody}", cost = "{user}") void faulty(String user) {}
                    @RateLimited(permits = 7, name = "shared") void one() {}
                    @RateLimited(permits = 8, name = "shared") void two() {}
                }
                """;
        String twice = "shop.Quotes.twice(): @RateLimited ";
        String faulty = "shop.Quotes.faulty(String): @RateLimited ";
        assertThat(compile("Quotes.java", text))
                .extracting(Said::at, Said::message)
                .containsExactly(
                        tuple("twice() {}", twice + "permits must be 1 or more, was 0"),
                        tuple(
                                "twice() {}",
                                twice + "cost must be at most permits, 2, was 3; no call would ever be let through"),
                        tuple(
                                "\"{nobody}\", cost = \"{user}\") void faulty(String user) {}",
                                faulty
                                        + "key \"{nobody}\": there is no parameter nobody; expected: user, this or method"),
                        tuple(
                                "\"{user}\") void faulty(String user) {}",
                                faulty
                                        + "cost \"{user}\" yields java.lang.String; expected: what yields byte, short, int or"
                                        + " long, or one of their boxes"),
                        tuple(
                                "\"shared\") void two() {}",
                                "shop.Quotes.two(): @RateLimited name \"shared\" is defined otherwise by shop.Quotes.one();"
                                        + " expected: the same permits, per, burst, algorithm, scope and whenUnavailable and a"
                                        + " key on both or on none, or another name"));
    }

    @Test
    void points_at_what_is_wrong_with_a_session() throws IOException {
        String text = HEAD + """
                class Shop {
                    @SharedSession(id = "{user}", idleTimeout = "5m") void sound(String user) {}
                    @SharedSession(id = "{user}", idleTimeout = "") void aging(String user) {}
                    @SharedSession(id = "{user}", maxAge = "") void ageless(String user) {}
                    @SharedSession void page(com.sun.net.httpserver.HttpExchange exchange) {}
                    @SharedSession void homeless(String user) {}
                    @SharedSession(id = "{nobody}", cookie = "a b", idleTimeout = "", maxAge = "") void faulty(String user) {}
                }
                """;
        String faulty = "shop.Shop.faulty(String): @SharedSession ";
        assertThat(compile("shop/Shop.java", text))
                .extracting(Said::message)
                .satisfiesExactly(
                        message -> assertThat(message)
                                .startsWith("shop.Shop.homeless(String): @SharedSession id must be given on a method"),
                        message -> assertThat(message)
                                .startsWith(faulty + "maxAge must be given where idleTimeout is none"),
                        message -> assertThat(message)
                                .startsWith(faulty + "id \"{nobody}\": there is no parameter nobody"),
                        message -> assertThat(message).startsWith(faulty + "cookie must be 1 to 64 letters"));
    }
}
