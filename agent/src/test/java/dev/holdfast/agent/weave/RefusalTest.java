package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be woven is left alone, with a message, and does not cost its class the rest. */
class RefusalTest {

    @Test
    void abstract_native_and_suspend_methods_are_refused_one_by_one() {
        byte[] quotes = made("app/Quotes", Opcodes.V17, type -> {
            recovering(type, Opcodes.ACC_ABSTRACT | Opcodes.ACC_PUBLIC, "open", "(Ljava/lang/String;[I)V");
            recovering(type, Opcodes.ACC_NATIVE, "metal", "()V");
            code(recovering(
                    type, Opcodes.ACC_PUBLIC, "later", "(ILkotlin/coroutines/Continuation;)Ljava/lang/Object;"));
            code(recovering(type, Opcodes.ACC_PUBLIC, "<init>", "()V"));
            code(recovering(type, Opcodes.ACC_STATIC, "<clinit>", "()V"));
            code(recovering(type, Opcodes.ACC_PUBLIC, "good", "()Ljava/lang/Object;"));
        });
        Weaving weaving = new Weaver().weave(quotes, Woven.types(Map.of()), null);
        assertThat(weaving.methods()).extracting(Weaving.Woven::name).containsExactly("good");
        assertThat(weaving.left())
                .containsExactly(
                        "app.Quotes.open(String, int[]): @Recover does not work on an abstract method, which has no body; "
                                + "put it on the methods that implement this one",
                        "app.Quotes.metal(): @Recover does not work on a native method, whose body is not in the class"
                                + " file; put it on a method that calls this one",
                        "app.Quotes.later(int, Continuation): @Recover does not work on a suspend function, which returns"
                                + " before it is done; put it on an ordinary function that calls this one",
                        "app.Quotes.<init>(): @Recover does not work on constructors and initialisers, which cannot be"
                                + " repeated; move the work into a method and put it there",
                        "app.Quotes.<clinit>(): @Recover does not work on constructors and initialisers, which cannot be"
                                + " repeated; move the work into a method and put it there");
    }

    @Test
    void abstract_methods_of_a_covered_class_are_passed_over_in_silence() {
        byte[] quotes = made("app/Quotes", Opcodes.V17, type -> {
            type.visitAnnotation("Ldev/holdfast/Recover;", true).visitEnd();
            type.visitMethod(Opcodes.ACC_ABSTRACT, "open", "()V", null, null).visitEnd();
            type.visitMethod(Opcodes.ACC_NATIVE, "metal", "()V", null, null).visitEnd();
        });
        Weaving weaving = new Weaver().weave(quotes, Woven.types(Map.of()), null);
        assertThat(weaving.classFile()).isNull();
        assertThat(weaving.left()).singleElement().asString().startsWith("app.Quotes.metal(): @Recover");
    }

    @Test
    void a_woven_class_is_not_woven_again() {
        Map<String, byte[]> app = Compiled.of(17, "class Quotes { @Recover(attempts = 2) void quote() {} }");
        byte[] once = Objects.requireNonNull(Woven.weave(app, "app.Quotes").classFile());
        Weaving twice = new Weaver().weave(once, Woven.types(app), null);
        assertThat(twice.classFile()).isNull();
        assertThat(twice.left())
                .containsExactly("app.Quotes.quote(): the class already has a method quote$holdfast, so it is woven"
                        + " already; weave a class either when it is built or when it is loaded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app/Quotes$$EnhancerBySpringCGLIB$$1a2b",
                "app/Quotes$$SpringCGLIB$$0",
                "app/Quotes$MockitoMock$123",
                "app/Quotes$ByteBuddy$x",
                "app/Quotes_ClientProxy",
                "app/Quotes$Proxy$_$$_WeldSubclass",
                "jdk/proxy2/$Proxy12"
            })
    void generated_subclasses_are_left_to_their_superclass(String name) {
        byte[] generated = made(
                name, Opcodes.V17, type -> code(recovering(type, Opcodes.ACC_PUBLIC, "good", "()Ljava/lang/Object;")));
        assertThat(new Weaver().weave(generated, Woven.types(Map.of()), null)).isSameAs(Weaving.NOTHING);
    }

    @Test
    void class_files_before_java_7_are_left_alone_with_a_warning() {
        byte[] old = made(
                "app/Old",
                Opcodes.V1_6,
                type -> code(recovering(type, Opcodes.ACC_PUBLIC, "m", "()Ljava/lang/Object;")));
        Weaving weaving = new Weaver().weave(old, Woven.types(Map.of()), null);
        assertThat(weaving.classFile()).isNull();
        assertThat(weaving.left())
                .containsExactly("app.Old.m(): @Recover needs a class file of Java 7 or newer, this one has version 50;"
                        + " compile for a newer release");
    }

    @Test
    void class_files_of_the_future_are_left_alone_with_one_message() {
        Map<String, byte[]> app = Compiled.of(
                17, "class Quotes { @Recover(attempts = 2) void a() {} @Recover(attempts = 2) void b() {} }");
        app.forEach((name, bytes) -> bytes[7] = 99);
        Weaving weaving = Woven.weave(app, "app.Quotes");
        assertThat(weaving.classFile()).isNull();
        assertThat(weaving.left())
                .singleElement()
                .asString()
                .startsWith("app.Quotes: ")
                .contains("version 99")
                .contains("use a newer Holdfast, or compile for an older release");
    }

    @Test
    void damaged_class_files_are_left_alone() {
        Map<String, byte[]> app = Compiled.of(17, "class Quotes { @Recover(attempts = 2) void a() {} }");
        byte[] whole = Objects.requireNonNull(app.get("app.Quotes"));
        int woven = 0;
        for (int length = 0; length < whole.length; length++) {
            byte[] damaged = Arrays.copyOf(whole, length);
            Weaving weaving = new Weaver().weave(damaged, Woven.types(app), null);
            ClassScan.concerns(damaged, Woven.types(app));
            woven += weaving.classFile() == null ? 0 : 1;
        }
        // Only the last attribute's end can be missing without a trace.
        assertThat(woven).isLessThan(whole.length / 4);
        assertThat(Woven.weave(app, "app.Quotes").classFile()).isNotNull();
    }

    @Test
    void a_definition_too_long_for_a_constant_costs_its_own_method_only() {
        String quotes = "\\\"".repeat(40_000);
        Map<String, byte[]> app = Compiled.of(17, """
                class Quotes {
                    @Recover(fallback = "%s") void endless() {}
                    @Recover(attempts = 2) void good() {}
                }""".formatted(quotes));
        Weaving weaving = Woven.weave(app, "app.Quotes");
        assertThat(weaving.methods()).extracting(Weaving.Woven::name).containsExactly("good");
        assertThat(weaving.left())
                .containsExactly(
                        "app.Quotes.endless(): its annotations take 80021 bytes as text, and a class file holds"
                                + " 65535 in one constant; shorten them");
    }

    @Test
    void a_method_that_asm_refuses_costs_its_class_nothing_else() {
        String longest = "m".repeat(65_530);
        byte[] odd = made("app/Odd", Opcodes.V17, type -> {
            code(recovering(type, Opcodes.ACC_PUBLIC, longest, "()Ljava/lang/Object;"));
            code(recovering(type, Opcodes.ACC_PUBLIC, "good", "()Ljava/lang/Object;"));
        });
        Weaving weaving = new Weaver().weave(odd, Woven.types(Map.of()), null);
        assertThat(weaving.methods()).extracting(Weaving.Woven::name).containsExactly("good");
        assertThat(weaving.left()).singleElement().asString().contains("cannot be woven");
    }

    @Test
    void a_class_without_room_for_constants_is_left_alone() {
        byte[] full = made("app/Full", Opcodes.V17, type -> {
            code(recovering(type, Opcodes.ACC_PUBLIC, "good", "()Ljava/lang/Object;"));
            for (int i = 0; i < 65_510; i++) {
                type.newUTF8("filling" + i);
            }
        });
        Weaving weaving = new Weaver().weave(full, Woven.types(Map.of()), null);
        assertThat(weaving.classFile()).isNull();
        assertThat(weaving.left())
                .singleElement()
                .asString()
                .startsWith("app.Full: the class file has no room for woven methods")
                .endsWith("split the class");
    }

    @Test
    void of_two_namesakes_with_very_many_parameters_one_is_refused() {
        String many = "J".repeat(125);
        byte[] wide = made("app/Wide", Opcodes.V17, type -> {
            code(recovering(type, Opcodes.ACC_STATIC, "wide", "(" + many + ")Ljava/lang/Object;"));
            code(recovering(type, Opcodes.ACC_STATIC, "wide", "(I" + many + ")Ljava/lang/Object;"));
        });
        Weaving weaving = new Weaver().weave(wide, Woven.types(Map.of()), null);
        assertThat(weaving.methods()).hasSize(1);
        assertThat(weaving.left()).singleElement().asString().contains("245").endsWith("rename one of them");
    }

    /** 65,535 bytes is what a method may have; the body moves as it is, and the constants beyond 255 keep their numbers. */
    @Test
    void the_longest_possible_body_moves_unchanged() throws Exception {
        byte[] huge = made("app/Huge", Opcodes.V17, type -> {
            for (int i = 0; i < 300; i++) {
                type.newConst("constant " + i);
            }
            MethodVisitor method = recovering(type, Opcodes.ACC_STATIC, "huge", "(Z)Ljava/lang/Object;");
            method.visitCode();
            Label end = new Label();
            Label near = new Label();
            method.visitVarInsn(Opcodes.ILOAD, 0);
            method.visitJumpInsn(Opcodes.IFEQ, near);
            method.visitLdcInsn("true");
            method.visitInsn(Opcodes.ARETURN);
            method.visitLabel(near);
            method.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            for (int i = 0; i < 65_535 - 12; i++) {
                method.visitInsn(Opcodes.NOP);
            }
            method.visitLdcInsn("false");
            method.visitInsn(Opcodes.ARETURN);
            method.visitLabel(end);
            method.visitMaxs(1, 1);
            method.visitEnd();
        });
        int[] length = new int[1];
        try (Woven loader = new Woven(Map.of("app.Huge", huge))) {
            assertThat(loader.call("app.Huge", "huge", null, true)).isEqualTo("true");
            assertThat(loader.call("app.Huge", "huge", null, false)).isEqualTo("false");
            byte[] woven = Objects.requireNonNull(loader.weavingOf("app.Huge").classFile());
            new ClassReader(woven).accept(new CodeLength(length), 0);
        }
        assertThat(length[0]).isGreaterThan(65_500);
    }

    /** Looks for the longest method. */
    private static final class CodeLength extends net.bytebuddy.jar.asm.ClassVisitor {

        private final int[] longest;

        CodeLength(int[] longest) {
            super(Opcodes.ASM9);
            this.longest = longest;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                private int instructions;

                @Override
                public void visitInsn(int opcode) {
                    instructions++;
                    longest[0] = Math.max(longest[0], instructions);
                }
            };
        }
    }

    private static byte[] made(String name, int version, Consumer<ClassWriter> members) {
        ClassWriter type = new ClassWriter(0);
        type.visit(version, Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, name, null, "java/lang/Object", null);
        members.accept(type);
        type.visitEnd();
        return type.toByteArray();
    }

    private static MethodVisitor recovering(ClassWriter type, int access, String name, String descriptor) {
        MethodVisitor method = type.visitMethod(access, name, descriptor, null, null);
        method.visitAnnotation("Ldev/holdfast/Recover;", true).visitEnd();
        return method;
    }

    private static void code(MethodVisitor method) {
        method.visitCode();
        method.visitInsn(Opcodes.ACONST_NULL);
        method.visitInsn(Opcodes.ARETURN);
        method.visitMaxs(1, 255);
        method.visitEnd();
    }
}
