package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.weave.Woven.NotingSite;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.ConstantDynamic;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of method, by every way through its wrapper; what reflection and stack traces tell of it; redefinition. */
class WeaverTest {

    private static final String PLAIN = "@Recover(attempts = 2)";
    private static final String GATED = "@Recover(attempts = 2, maxConcurrent = 3)";

    /** $A is the annotation; the bodies fail when told so. */
    private static final String MATRIX = """
            class Matrix implements Shape<String> {
                static boolean fails;
                static <T> T or(T result) { if (fails) throw new IllegalStateException("boom"); return result; }
                $A boolean booleans(boolean x) { return or(!x); }
                $A byte bytes(byte x) { return or(x); }
                $A char chars(char x) { return or(x); }
                $A short shorts(short x) { return or(x); }
                $A int ints(int x) { x++; return or(x); }
                $A long longs(long x) { return or(x); }
                $A float floats(float x) { return or(x); }
                $A double doubles(double x) { return or(x); }
                $A void nothing() { or(0); }
                $A static void nothingStatic() { or(0); }
                $A String mixed(long a, int b, double c, String d, byte e, long[] f, Map<String, int[]> g) {
                    String s = "" + a + b + c + d + e + f.length + g;
                    a = 0; b = 0; c = 0; d = null; e = 0; f = null; g = null;
                    return or(s);
                }
                $A static String mixedStatic(double a, long b, String c) { return or("" + a + b + c); }
                $A private String hidden(String x) { return or(x); }
                $A final String last(String x) { return or(x); }
                $A synchronized String locked(String x) { return or(x + Thread.holdsLock(this)); }
                $A static synchronized String lockedStatic(String x) { return or(x + Thread.holdsLock(Matrix.class)); }
                $A strictfp double strict(double x) { return or(x); }
                $A String varargs(String... x) { return or(String.join(",", x)); }
                $A <T extends Comparable<T>> T generic(T a, List<? super T> b) { return or(a); }
                $A public String shape(String x) { return or(x); }
                $A int[][] arrays(int[][] x, Object[] y) { return or(x); }
                $A int recursive(int x) { return x == 0 ? or(0) : 1 + recursive(x - 1); }
                $A String caught(String x) { try { return or(x); } catch (IllegalArgumentException e) { return "no"; } finally { nop(); } }
                $A String lambda(String x) { java.util.function.Supplier<String> s = () -> or(x); return s.get(); }
                $A String enclosing(String x) { return new Object() { String get() { return or(x); } }.get(); }
                static void nop() {}
            }
            interface Shape<T> {
                T shape(T x);
                $A default String byDefault(String x) { return Matrix.or(x); }
                $A static String ofFace(String x) { return Matrix.or(x); }
            }
            enum Level {
                LOW { @Override $A String own(String x) { return Matrix.or(x); } }, HIGH;
                $A String own(String x) { return Matrix.or(x); }
            }
            """;

    private static final int[][] INTS = {{1}, {2, 3}};

    private record Case(String type, String method, Object result, List<Object> arguments) {

        Case(String type, String method, Object result, Object... arguments) {
            this(type, method, result, List.of(arguments));
        }

        boolean isStatic() {
            return method.endsWith("Static") || method.equals("ofFace");
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("Matrix", "booleans", true, false),
            new Case("Matrix", "bytes", (byte) -3, (byte) -3),
            new Case("Matrix", "chars", 'x', 'x'),
            new Case("Matrix", "shorts", (short) 300, (short) 300),
            new Case("Matrix", "ints", 8, 7),
            new Case("Matrix", "longs", 1L << 40, 1L << 40),
            new Case("Matrix", "floats", 1.5f, 1.5f),
            new Case("Matrix", "doubles", 2.5, 2.5),
            new Case("Matrix", "nothing", Void.TYPE),
            new Case("Matrix", "nothingStatic", Void.TYPE),
            new Case("Matrix", "mixed", "123.5four52{}", 1L, 2, 3.5, "four", (byte) 5, new long[2], Map.of()),
            new Case("Matrix", "mixedStatic", "1.52three", 1.5, 2L, "three"),
            new Case("Matrix", "hidden", "x", "x"),
            new Case("Matrix", "last", "x", "x"),
            new Case("Matrix", "locked", "xtrue", "x"),
            new Case("Matrix", "lockedStatic", "xtrue", "x"),
            new Case("Matrix", "strict", 2.5, 2.5),
            new Case("Matrix", "varargs", "a,b", (Object) new String[] {"a", "b"}),
            new Case("Matrix", "generic", "x", "x", List.of()),
            new Case("Matrix", "shape", "x", "x"),
            new Case("Matrix", "arrays", INTS, INTS, new Object[0]),
            new Case("Matrix", "caught", "x", "x"),
            new Case("Matrix", "lambda", "x", "x"),
            new Case("Matrix", "enclosing", "x", "x"),
            new Case("Shape", "byDefault", "x", "x"),
            new Case("Shape", "ofFace", "x", "x"),
            new Case("Level", "own", "x", "x"));

    static Stream<Arguments> releasesAndShapes() {
        return Stream.of(8, 9, 10, 11, 17)
                .flatMap(release -> Stream.of(false, true).map(gated -> Arguments.of(release, gated)));
    }

    @ParameterizedTest
    @MethodSource("releasesAndShapes")
    void every_kind_of_method_runs_its_body(int release, boolean gated) throws Exception {
        try (Woven loader = matrix(release, gated, NotingSite::new)) {
            for (Case each : CASES) {
                assertThat(call(loader, each)).as(each.method).isEqualTo(each.result);
                assertThat(siteOf(loader, each).notes)
                        .as(each.method)
                        .isEqualTo(gated ? List.of(entering(each)) : List.of());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("releasesAndShapes")
    void what_the_body_throws_reaches_the_caller_as_it_is(int release, boolean gated) throws Exception {
        try (Woven loader = matrix(release, gated, NotingSite::new)) {
            fail(loader);
            for (Case each : CASES) {
                assertThatThrownBy(() -> call(loader, each))
                        .as(each.method)
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessage("boom");
                assertThat(siteOf(loader, each).notes).as(each.method).endsWith("failed 0 boom");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("releasesAndShapes")
    void an_answer_takes_the_place_of_a_failure(int release, boolean gated) throws Exception {
        Map<String, Object> results = CASES.stream().collect(Collectors.toMap(Case::method, Case::result));
        try (Woven loader = matrix(release, gated, arguments -> {
            NotingSite site = new NotingSite(arguments);
            Object result = results.get(site.method);
            return site.admitting(7).answering(result == Void.TYPE ? null : result);
        })) {
            fail(loader);
            for (Case each : CASES) {
                assertThat(call(loader, each)).as(each.method).isEqualTo(each.result);
                NotingSite site = siteOf(loader, each);
                assertThat(site.notes).as(each.method).endsWith("failed " + (gated ? 7 : 0) + " boom");
                assertEverything(site, each);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("releasesAndShapes")
    void a_guarded_call_goes_the_long_way_and_runs_the_body_from_there(int release, boolean gated) throws Exception {
        try (Woven loader = matrix(release, gated, arguments -> new NotingSite(arguments).guarding())) {
            for (Case each : CASES) {
                assertThat(call(loader, each)).as(each.method).isEqualTo(each.result);
                NotingSite site = siteOf(loader, each);
                assertThat(site.notes).as(each.method).endsWith("call").doesNotContain("exit -1");
                assertEverything(site, each);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 17})
    void a_positive_ticket_is_handed_back_once(int release) throws Exception {
        try (Woven loader = matrix(release, true, arguments -> new NotingSite(arguments).admitting(5))) {
            for (Case each : CASES) {
                assertThat(call(loader, each)).as(each.method).isEqualTo(each.result);
                assertThat(siteOf(loader, each).notes).containsExactly(entering(each), "exit 5");
            }
            fail(loader);
            Case first = CASES.get(0);
            assertThatThrownBy(() -> call(loader, first)).hasMessage("boom");
            assertThat(siteOf(loader, first).notes)
                    .containsExactly(entering(first), "exit 5", entering(first), "failed 5 boom");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 10, 11, 17})
    void a_method_has_one_site_and_recursion_passes_it_each_time(int release) throws Exception {
        try (Woven loader = matrix(release, true, NotingSite::new)) {
            Object matrix = loader.make("app.Matrix");
            assertThat(loader.call("app.Matrix", "recursive", matrix, 5)).isEqualTo(5);
            fail(loader);
            assertThatThrownBy(() -> loader.call("app.Matrix", "recursive", matrix, 2))
                    .hasMessage("boom");
            assertThat(loader.sites).hasSize(1);
            assertThat(loader.sites.get(0).notes)
                    .hasSize(6 + 3 + 3)
                    .endsWith("failed 0 boom", "failed 0 boom", "failed 0 boom");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, GATED})
    void private_methods_of_interfaces_and_accessors_of_records_are_woven(String annotation) throws Exception {
        Map<String, byte[]> app = Compiled.of(17, """
                interface Face {
                    default String open(String x) { return hidden(x) + hiddenStatic(x); }
                    $A private String hidden(String x) { return x + 1; }
                    $A private static String hiddenStatic(String x) { return x + 2; }
                }
                class Faced implements Face {}
                $A record Point(int x, @Deprecated String y) { Point() { this(1, "two"); } }
                """.replace("$A", annotation));
        for (boolean guarding : new boolean[] {false, true}) {
            try (Woven loader = new Woven(app, arguments -> {
                NotingSite site = new NotingSite(arguments);
                return guarding ? site.guarding() : site;
            })) {
                assertThat(loader.call("app.Face", "open", loader.make("app.Faced"), "x"))
                        .isEqualTo("x1x2");
                Object point = loader.make("app.Point");
                assertThat(loader.call("app.Point", "x", point)).isEqualTo(1);
                assertThat(loader.call("app.Point", "y", point)).isEqualTo("two");
                assertThat(point).hasToString("Point[x=1, y=two]").isEqualTo(loader.make("app.Point"));
                assertThat(point.getClass().getRecordComponents()).hasSize(2);
                assertThat(methodsOf(loader.weavingOf("app.Point")))
                        .containsExactlyInAnyOrder("x", "y", "toString", "hashCode", "equals");
            }
        }
    }

    @Test
    void an_enum_under_a_class_level_annotation_keeps_its_constants() throws Exception {
        Map<String, byte[]> app = Compiled.of(17, """
                @Recover(attempts = 2) enum Level { LOW, HIGH; int rank() { return ordinal(); } }
                class Uses {
                    static int of(String name) {
                        return switch (Level.valueOf(name)) { case LOW -> 1; case HIGH -> 2; };
                    }
                }""");
        try (Woven loader = new Woven(app, arguments -> new NotingSite(arguments).guarding())) {
            assertThat(loader.call("app.Uses", "of", null, "HIGH")).isEqualTo(2);
            assertThat(loader.loadClass("app.Level").getEnumConstants()).hasSize(2);
            assertThat(methodsOf(loader.weavingOf("app.Level"))).containsExactly("rank");
        }
    }

    @Test
    void bridges_are_not_woven() {
        Map<String, byte[]> app = Compiled.of(
                17,
                "class Quotes implements Comparable<Quotes> { @Recover(attempts = 2) public int compareTo(Quotes o) { return 1; } }");
        Weaving weaving = Woven.weave(app, "app.Quotes");
        assertThat(weaving.methods()).extracting(Weaving.Woven::signature).containsExactly("compareTo(Lapp/Quotes;)I");
        assertThat(weaving.left()).isEmpty();
    }

    static Stream<Arguments> wide() {
        return Stream.of(
                Arguments.of(true, 243),
                Arguments.of(true, 244),
                Arguments.of(true, 245),
                Arguments.of(true, 255),
                Arguments.of(false, 244),
                Arguments.of(false, 245),
                Arguments.of(false, 254));
    }

    @ParameterizedTest
    @MethodSource("wide")
    void methods_with_very_many_parameters_are_woven(boolean isStatic, int slots) throws Exception {
        String[] types = {"int", "String", "byte", "char", "boolean", "short", "float"};
        int longs = 4;
        List<String> parameters = new ArrayList<>();
        List<Object> arguments = new ArrayList<>();
        List<Object> values = List.of(1, "s", (byte) 2, 'c', true, (short) 3, 4f);
        for (int i = 0; i < slots - 2 * longs; i++) {
            parameters.add(types[i % types.length] + " p" + i);
            arguments.add(values.get(i % types.length));
        }
        for (int i = 0; i < longs; i++) {
            parameters.add((i % 2 == 0 ? "long" : "double") + " w" + i);
            arguments.add(i % 2 == 0 ? (Object) 5L : (Object) 6.0);
        }
        String sum = IntStream.range(0, parameters.size())
                .mapToObj(i -> parameters.get(i).substring(parameters.get(i).indexOf(' ') + 1))
                .collect(Collectors.joining(" + \"\" + "));
        String expected = arguments.stream().map(String::valueOf).collect(Collectors.joining());
        for (String annotation : List.of(PLAIN, GATED)) {
            String head = annotation + (isStatic ? " static " : " ");
            String rest =
                    "(" + String.join(", ", parameters) + ") { if (fails) throw new IllegalStateException(\"boom\"); ";
            Map<String, byte[]> app = Compiled.of(
                    17,
                    "class Wide { static boolean fails;\n"
                            + head + "String all" + rest + "return " + sum + "; }\n"
                            + head + "double primitive" + rest + "return w0; }\n"
                            + head + "void nothing" + rest + "} }");
            for (boolean guarding : new boolean[] {false, true}) {
                try (Woven loader = new Woven(app, site -> {
                    NotingSite noting = new NotingSite(site);
                    return guarding ? noting.guarding() : noting;
                })) {
                    Object receiver = isStatic ? null : loader.make("app.Wide");
                    Object[] all = arguments.toArray();
                    assertThat(loader.call("app.Wide", "all", receiver, all)).isEqualTo(expected);
                    assertThat(loader.call("app.Wide", "primitive", receiver, all))
                            .isEqualTo(5.0);
                    assertThat(loader.call("app.Wide", "nothing", receiver, all))
                            .isNull();
                    assertThat(loader.weavingOf("app.Wide").left()).isEmpty();
                    if (!guarding) {
                        setFails(loader.loadClass("app.Wide"));
                        loader.sites.get(0).answering("answer");
                        loader.sites.get(1).answering(1.5);
                        assertThat(loader.call("app.Wide", "all", receiver, all))
                                .isEqualTo("answer");
                        assertThat(loader.call("app.Wide", "primitive", receiver, all))
                                .isEqualTo(1.5);
                        assertThatThrownBy(() -> loader.call("app.Wide", "nothing", receiver, all))
                                .hasMessage("boom");
                    }
                    assertThat(loader.sites.get(0).everything)
                            .startsWith(receiver, 1, "s")
                            .hasSize(arguments.size() + 1);
                }
            }
        }
    }

    @Test
    void reflection_tells_of_the_wrapper_what_it_told_of_the_method() throws Exception {
        Map<String, byte[]> app = Compiled.of(17, """
                class Rich<E> {
                    @Recover(attempts = 2) @Deprecated
                    protected final synchronized <T extends Number & Comparable<T>> @Mark("type") List<? super T> rich(
                            @Mark("p") final Map<T, E[]> first, @Mark("t") String... rest) throws java.io.IOException, IllegalStateException {
                        return null;
                    }
                    @Recover(attempts = 2) public static strictfp int plain(int first) { return first; }
                }
                @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
                @java.lang.annotation.Target({java.lang.annotation.ElementType.TYPE_USE, java.lang.annotation.ElementType.METHOD, java.lang.annotation.ElementType.PARAMETER})
                @interface Mark { String value(); }
                """);
        ClassLoader bare = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] bytes = app.get(name);
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
        try (Woven loader = new Woven(app)) {
            assertThat(described(loader.loadClass("app.Rich")))
                    .isEqualTo(described(bare.loadClass("app.Rich")))
                    .hasSize(2);
            for (Method method : loader.loadClass("app.Rich").getDeclaredMethods()) {
                assertThat(Modifier.isSynchronized(method.getModifiers()))
                        .isEqualTo(method.getName().equals("rich$holdfast"));
                if (method.isSynthetic()) {
                    assertThat(method.getModifiers() & ~(Modifier.STATIC | Modifier.SYNCHRONIZED | Modifier.STRICT))
                            .isEqualTo(Modifier.PRIVATE | Opcodes.ACC_SYNTHETIC);
                    assertThat(method.getAnnotations()).isEmpty();
                    assertThat(method.getName()).endsWith(Weaver.BODY);
                }
            }
        }
    }

    /** All that reflection tells, but for the monitor. */
    private static List<String> described(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> String.join(
                        "\n",
                        List.of(
                                method.toGenericString().replace("synchronized ", ""),
                                annotations(method),
                                Arrays.toString(method.getParameters()),
                                Arrays.stream(method.getParameters())
                                        .map(WeaverTest::annotations)
                                        .toList()
                                        .toString(),
                                Arrays.toString(method.getAnnotatedReturnType().getAnnotations()),
                                method.getAnnotatedReturnType().toString(),
                                Arrays.toString(method.getAnnotatedParameterTypes()),
                                Arrays.toString(method.getGenericExceptionTypes()))))
                .toList();
    }

    private static String annotations(AnnotatedElement element) {
        return Arrays.toString(element.getAnnotations());
    }

    @Test
    void stack_traces_have_true_line_numbers() throws Exception {
        Map<String, byte[]> app = Compiled.of(17, """
                class Lines {
                    @Recover(attempts = 2) static int quote(int x) {
                        int y = x + 1;
                        if (y > 0) {
                            throw new IllegalStateException("boom");
                        }
                        return y;
                    }
                }""");
        try (Woven loader = new Woven(app)) {
            assertThatThrownBy(() -> loader.call("app.Lines", "quote", null, 1)).satisfies(thrown -> {
                StackTraceElement[] trace = thrown.getStackTrace();
                assertThat(trace[0].toString()).endsWith("app.Lines.quote$holdfast(Lines.java:8)");
                assertThat(trace[1].toString()).endsWith("app.Lines.quote(Lines.java:6)");
            });
        }
    }

    @Test
    void the_plain_wrapper_is_short_and_names_its_parameters() {
        Map<String, byte[]> app = Compiled.of(17, """
                class Quotes {
                    @Recover(attempts = 2) String quote(String id) { String local = id; return local; }
                    @Recover(attempts = 2) int count(int from, int to) { return to - from; }
                }""");
        byte[] woven = Objects.requireNonNull(Woven.weave(app, "app.Quotes").classFile());
        List<String> locals = new ArrayList<>();
        Map<String, Integer> sizes = new HashMap<>();
        new ClassReader(woven)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, new ClassWriter(0)) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                return new MethodVisitor(
                                        Opcodes.ASM9,
                                        super.visitMethod(access, name, descriptor, signature, exceptions)) {
                                    @Override
                                    public void visitLocalVariable(
                                            String local,
                                            String type,
                                            String generic,
                                            Label start,
                                            Label end,
                                            int index) {
                                        if (name.equals("quote")) {
                                            locals.add(local + index);
                                        }
                                        sizes.put(name, end.getOffset());
                                    }
                                };
                            }
                        },
                        0);
        assertThat(locals).containsExactly("this0", "id1");
        assertThat(sizes.get("quote")).isLessThanOrEqualTo(42);
        assertThat(sizes.get("count")).isLessThanOrEqualTo(39);
    }

    @Test
    void a_redefined_class_gets_exactly_the_methods_that_it_had() throws Exception {
        Map<String, byte[]> before = Compiled.of(
                17,
                "class Quotes { @Recover(attempts = 2) int a() { return 1; } int b() { return 2; } int c() { return 3; } }");
        Map<String, byte[]> after = Compiled.of(
                17,
                "class Quotes { int a() { return 10; } @Recover(attempts = 2) int b() { return 20; } int c() { return 30; } }");
        Set<String> woven = Woven.weave(before, "app.Quotes").methods().stream()
                .map(Weaving.Woven::signature)
                .collect(Collectors.toSet());
        assertThat(woven).containsExactly("a()I");
        Weaving again = new Weaver().weave(after.getOrDefault("app.Quotes", new byte[0]), Woven.types(after), woven);
        assertThat(again.methods()).containsExactly(new Weaving.Woven("a", "()I", ""));
        assertThat(again.left()).isEmpty();

        Weaving none = new Weaver().weave(after.getOrDefault("app.Quotes", new byte[0]), Woven.types(after), Set.of());
        assertThat(none.classFile()).isNull();

        Weaving gone =
                new Weaver().weave(after.getOrDefault("app.Quotes", new byte[0]), Woven.types(after), Set.of("z()I"));
        assertThat(gone.classFile()).isNull();
        assertThat(gone.left()).containsExactly("app.Quotes: z()I was woven and is not in the new class file");
    }

    @Test
    void weaving_is_the_same_each_time() {
        Map<String, byte[]> app = Compiled.of(17, MATRIX.replace("$A", GATED));
        for (String name : app.keySet()) {
            assertThat(Woven.weave(app, name).classFile())
                    .isEqualTo(Woven.weave(app, name).classFile());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 52, 55, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70})
    void class_files_of_every_version_are_woven(int version) throws Exception {
        Map<String, byte[]> app = Compiled.of(
                List.of("--release", "8", "-XDstringConcat=inline"),
                "class Old { public Old() {} @Recover(attempts = 2) String greet(String x) { return x == null ? \"none\" : x; } }");
        app.forEach((name, bytes) -> bytes[7] = (byte) version);
        Weaving weaving = Woven.weave(app, "app.Old");
        assertThat(methodsOf(weaving)).containsExactly("greet");
        boolean usesConstant = Mentions.dynamicConstant(Objects.requireNonNull(weaving.classFile()));
        assertThat(usesConstant).isEqualTo(version >= 55);
        if (version <= Runtime.version().feature() + 44) {
            try (Woven loader = new Woven(app)) {
                assertThat(loader.call("app.Old", "greet", loader.make("app.Old"), "x"))
                        .isEqualTo("x");
                assertThat(loader.sites).hasSize(1);
            }
        }
    }

    /** What a class file's code mentions. */
    private static final class Mentions {

        static boolean dynamicConstant(byte[] classFile) {
            boolean[] found = new boolean[1];
            new ClassReader(classFile)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access, String name, String descriptor, String signature, String[] thrown) {
                                    return new MethodVisitor(Opcodes.ASM9) {
                                        @Override
                                        public void visitLdcInsn(Object value) {
                                            found[0] |= value instanceof ConstantDynamic;
                                        }

                                        @Override
                                        public void visitInvokeDynamicInsn(
                                                String site, String type, Handle bootstrap, Object... arguments) {
                                            assertThat(bootstrap.getOwner())
                                                    .isEqualTo("dev/holdfast/bridge/HoldfastSite");
                                        }
                                    };
                                }
                            },
                            0);
            return found[0];
        }
    }

    private static Woven matrix(int release, boolean gated, Function<Object[], NotingSite> linker) {
        String annotation = gated ? GATED : PLAIN;
        return new Woven(Compiled.of(release, MATRIX.replace("$A", annotation)), linker);
    }

    private static void fail(Woven loader) throws ReflectiveOperationException {
        setFails(loader.loadClass("app.Matrix"));
    }

    private static void setFails(Class<?> type) throws ReflectiveOperationException {
        var fails = type.getDeclaredField("fails");
        fails.setAccessible(true);
        fails.setBoolean(null, true);
    }

    private static Object call(Woven loader, Case each) throws ReflectiveOperationException {
        Object result = loader.call("app." + each.type, each.method, receiver(loader, each), each.arguments.toArray());
        return each.result == Void.TYPE && result == null ? Void.TYPE : Objects.requireNonNull(result);
    }

    private static @Nullable Object receiver(Woven loader, Case each) throws ReflectiveOperationException {
        if (each.isStatic()) {
            return null;
        }
        return each.type.equals("Level")
                ? loader.loadClass("app.Level").getEnumConstants()[1]
                : loader.make("app.Matrix");
    }

    private static NotingSite siteOf(Woven loader, Case each) {
        List<NotingSite> found = loader.sites.stream()
                .filter(site -> site.method.equals(each.method))
                .toList();
        assertThat(found).as(each.method).hasSize(1);
        return found.get(0);
    }

    private static String entering(Case each) {
        return "enter " + (each.isStatic() ? "static" : each.type.equals("Level") ? "Level" : "Matrix");
    }

    private static void assertEverything(NotingSite site, Case each) {
        Object[] everything = Objects.requireNonNull(site.everything);
        assertThat(everything.length).as(each.method).isEqualTo(each.arguments.size() + 1);
        assertThat(everything[0] == null).as(each.method).isEqualTo(each.isStatic());
        assertThat(Arrays.asList(everything).subList(1, everything.length))
                .as(each.method)
                .isEqualTo(each.arguments);
    }

    private static List<String> methodsOf(Weaving weaving) {
        return weaving.methods().stream().map(Weaving.Woven::name).toList();
    }
}
