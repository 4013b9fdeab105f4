package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.Attribute;
import net.bytebuddy.jar.asm.ByteVector;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Classes and methods that cannot be woven: they run as they were, and it is said once which and why. */
class LeftAloneIT {

    private static final String RECOVER = "Ldev/holdfast/Recover;";

    /** Calls a static method of a class by name, and prints what it returns. */
    private static final String CALLER = """
            public class Caller {
                public static void main(String[] arguments) throws Exception {
                    for (int i = 0; i < 2; i++) {
                        System.out.println(Class.forName(arguments[0]).getMethod(arguments[1]).invoke(null));
                    }
                }
            }
            """;

    private static Jvm.Run call(Jdk jdk, Path classes, String type, String method) {
        Path caller = Javac.into(Jvm.work("left/caller"), 17).compile("Caller.java", CALLER);
        return Jvm.of(jdk)
                .classPath(classes, caller, Jvm.annotations(), Jvm.programs())
                .run("Caller", type, method)
                .succeeds();
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    @EveryJdk
    void a_class_file_older_than_constants_by_bootstrap(Jdk jdk) {
        Path classes = written("old/Fifty", Opcodes.V1_6, null);
        Jvm.Run run = call(jdk, classes, "old.Fifty", "call");
        assertThat(run.out()).isEqualTo("as it was\nas it was\n");
        assertThat(count(run.err(), "old.Fifty")).as("%s", run).isOne();
        assertThat(run.err()).containsIgnoringCase("warn");
    }

    @EveryJdk
    void a_class_with_annotations_that_cannot_be_read(Jdk jdk) {
        Path classes = written("broken/Garbled", Opcodes.V17, new Attribute("RuntimeVisibleAnnotations") {
            @Override
            protected ByteVector write(
                    net.bytebuddy.jar.asm.ClassWriter writer,
                    byte @org.jspecify.annotations.Nullable [] code,
                    int codeLength,
                    int maxStack,
                    int maxLocals) {
                // Three annotations of a constant that is none, and then the end.
                return new ByteVector().putShort(3).putShort(0xfff0).putShort(7);
            }
        });
        Jvm.Run run = call(jdk, classes, "broken.Garbled", "call");
        assertThat(run.out()).isEqualTo("as it was\nas it was\n");
        assertThat(count(run.err(), "broken.Garbled")).as("%s", run).isOne();
        assertThat(run.err()).containsIgnoringCase("warn");
    }

    /** A class with an annotated method that tells nothing of its weaving. */
    private static Path written(String type, int version, @org.jspecify.annotations.Nullable Attribute more) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(version, Opcodes.ACC_PUBLIC, type, null, "java/lang/Object", null);
        MethodVisitor method =
                writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "call", "()Ljava/lang/String;", null, null);
        if (more == null) {
            AnnotationVisitor annotation = method.visitAnnotation(RECOVER, true);
            annotation.visit("attempts", 2);
            annotation.visitEnd();
        } else {
            // Names the annotation where a scan of the constants finds it.
            writer.visitField(Opcodes.ACC_PRIVATE, "recover", RECOVER, null, null)
                    .visitEnd();
            method.visitAttribute(more);
        }
        method.visitCode();
        method.visitLdcInsn("as it was");
        method.visitInsn(Opcodes.ARETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        writer.visitEnd();
        Path classes = Jvm.work("left/" + type);
        Path file = classes.resolve(type + ".class");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, writer.toByteArray());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return classes;
    }

    @EveryJdk
    void methods_that_are_refused_are_named_one_by_one_and_the_others_are_woven(Jdk jdk) {
        Path classes = Javac.into(Jvm.work("left/refused"), 17)
                .compile(Map.of(
                        "kotlin/coroutines/Continuation.java",
                        "package kotlin.coroutines; public interface Continuation<T> {}",
                        "refused/Everything.java",
                        """
                        package refused;

                        import dev.holdfast.Recover;
                        import java.io.IOException;
                        import java.lang.annotation.Retention;
                        import java.lang.annotation.RetentionPolicy;

                        public abstract class Everything {
                            @Recover(attempts = 3, delay = "0s")
                            @Retention(RetentionPolicy.RUNTIME)
                            @interface Stubborn {}

                            @Stubborn
                            public Everything() {}

                            @Recover(attempts = 3, delay = "0s")
                            abstract void nobody(String s);

                            @Recover(attempts = 3, delay = "0s")
                            native void elsewhere(int i);

                            @Recover(attempts = 3, delay = "0s")
                            Object suspending(long l, kotlin.coroutines.Continuation<String> continuation) {
                                return null;
                            }

                            static int attempts;

                            @Recover(attempts = 3, delay = "0s")
                            private static String woven() throws IOException {
                                if (++attempts % 3 != 0) {
                                    throw new IOException("planned");
                                }
                                return "woven " + attempts;
                            }

                            public static String call() throws IOException {
                                Everything made = new Everything() {
                                    @Override
                                    void nobody(String s) {}
                                };
                                made.nobody("");
                                return woven();
                            }
                        }
                        """));
        Jvm.Run run = call(jdk, classes, "refused.Everything", "call");
        assertThat(run.out()).isEqualTo("woven 3\nwoven 6\n");
        for (String[] refused : new String[][] {
            {"refused.Everything.nobody(String)", "abstract"},
            {"refused.Everything.elsewhere(int)", "native"},
            {"refused.Everything.suspending(long, Continuation)", "suspend"},
            {"refused.Everything", "constructor"}
        }) {
            assertThat(run.err().lines())
                    .as("%s", run)
                    .anySatisfy(line -> assertThat(line).contains(refused[0]).contains(refused[1]));
        }
    }

    @EveryJdk
    void a_method_whose_bodys_name_is_taken_does_not_cost_its_class_the_others(Jdk jdk) {
        Path classes = Javac.into(Jvm.work("left/taken"), 17).compile("taken/Names.java", """
                        package taken;

                        import dev.holdfast.Recover;

                        public class Names {
                            static int attempts;

                            @Recover(attempts = 3, delay = "0s")
                            static String price() {
                                return "price";
                            }

                            static String price$holdfast() {
                                return "mine";
                            }

                            @Recover(attempts = 3, delay = "0s")
                            static String other() {
                                if (++attempts % 3 != 0) {
                                    throw new IllegalStateException("planned");
                                }
                                return "other";
                            }

                            public static String call() {
                                return price() + " " + price$holdfast() + " " + other();
                            }
                        }
                        """);
        Jvm.Run run = call(jdk, classes, "taken.Names", "call");
        assertThat(run.out()).isEqualTo("price mine other\nprice mine other\n");
        assertThat(count(run.err(), "taken.Names.price()")).as("%s", run).isOne();
    }

    @EveryJdk
    void a_failure_type_that_is_missing_at_run_time(Jdk jdk) throws IOException {
        Path classes = Javac.into(Jvm.work("left/missing"), 17)
                .compile(Map.of(
                        "missing/Gone.java",
                        "package missing; public class Gone extends RuntimeException {}",
                        "missing/Names.java",
                        """
                        package missing;

                        import dev.holdfast.InvalidPolicyException;
                        import dev.holdfast.Recover;

                        public class Names {
                            @Recover(attempts = 3, delay = "0s", on = Gone.class)
                            static String price() {
                                return "price";
                            }

                            public static String call() {
                                try {
                                    return price();
                                } catch (InvalidPolicyException invalid) {
                                    return String.valueOf(invalid.getMessage().contains("missing.Gone"));
                                }
                            }
                        }
                        """));
        Files.delete(classes.resolve("missing/Gone.class"));
        Jvm.Run run = call(jdk, classes, "missing.Names", "call");
        assertThat(run.out()).as("%s", run).isEqualTo("true\ntrue\n");
    }
}
