package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Much code that nobody wrote for this, with an annotation put on every method: what compilers do, the weaver must bear. Of a dozen large
 * libraries only some are woven each time; {@code -Dit.everything=true} weaves them all.
 */
class EverythingIT {

    private static final Pattern CASE = Pattern.compile("@Case\\s+void (\\w+)\\(");
    private static final String NEVER = "Ldev/holdfast/it/programs/citizen/Never;";

    /** Those that every build does, by the beginnings of their names; all of what Works works with is among them. */
    private static final List<String> EACH_TIME = List.of(
            "commons-lang3",
            "failureaccess",
            "guava",
            "h2",
            "jackson",
            "kotlin",
            "lucene",
            "reactive",
            "reactor",
            "rhino");

    @TestFactory
    Stream<DynamicNode> libraries_woven_whole() throws IOException {
        List<Path> jars = Jvm.libraries("known").stream()
                .filter(jar -> Boolean.getBoolean("it.everything")
                        || EACH_TIME.stream()
                                .anyMatch(name -> jar.getFileName().toString().startsWith(name)))
                .toList();
        List<Path> annotated = new ArrayList<>();
        for (Path jar : jars) {
            annotated.add(annotated(jar));
        }
        Path source = Jvm.source("apps/known");
        List<Path> compileTime = new ArrayList<>(jars);
        compileTime.add(Jvm.programs());
        Path classes = Javac.into(Jvm.work("known"), 17).classPath(compileTime).compile(source);
        List<String> expected = CASE.matcher(Files.readString(source.resolve("known/Works.java")))
                .results()
                .map(found -> "Works." + found.group(1))
                .toList();
        Jvm.Run works = Jvm.of(Jdk.running())
                .classPath(classPath(classes, annotated))
                .run(Program.class.getName(), "known.Works");
        Jvm.Run bare = Jvm.of(Jdk.running())
                .bare()
                .classPath(classPath(classes, jars))
                .run(linked(jars))
                .succeeds();
        Jvm.Run woven = Jvm.of(Jdk.running())
                .classPath(classPath(classes, annotated))
                .options("-Xverify:all", "-Dholdfast.log=error")
                .run(linked(annotated))
                .succeeds();
        return Stream.concat(
                Cases.report(expected, works, run -> {}),
                Stream.of(org.junit.jupiter.api.DynamicTest.dynamicTest("all that links bare links woven", () -> {
                    assertThat(woven.err()).as("%s", woven).doesNotContain("ERROR");
                    assertThat(woven.lines()).containsExactlyElementsOf(bare.lines());
                    assertThat(bare.lines().get(bare.lines().size() - 1)).matches("linked \\d{4,}");
                })));
    }

    private static String[] linked(List<Path> jars) {
        return Stream.concat(Stream.of("known.Linked"), jars.stream().map(Path::toString))
                .toArray(String[]::new);
    }

    private static List<Path> classPath(Path classes, List<Path> jars) {
        List<Path> path = new ArrayList<>(List.of(classes, Jvm.programs(), Jvm.annotations()));
        path.addAll(jars);
        return path;
    }

    /** A copy whose methods all bear a policy, for a failure that does not occur. */
    private static Path annotated(Path jar) {
        Path copy = Jvm.work("annotated").resolve(jar.getFileName());
        if (Files.exists(copy)) {
            return copy;
        }
        Path begun = copy.resolveSibling(copy.getFileName() + ".begun");
        try (ZipFile from = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(begun);
                ZipOutputStream to = new ZipOutputStream(file)) {
            to.setLevel(Deflater.BEST_SPEED);
            for (ZipEntry entry : from.stream().toList()) {
                String name = entry.getName();
                // Neither signatures, which would not fit any more, nor what is meant for newer JDKs.
                if (entry.isDirectory() || name.matches("META-INF/(MANIFEST.MF|.*\\.(SF|RSA|DSA)|versions/.*)")) {
                    continue;
                }
                to.putNextEntry(new ZipEntry(name));
                try (InputStream content = from.getInputStream(entry)) {
                    byte[] bytes = content.readAllBytes();
                    to.write(name.endsWith(".class") && !name.endsWith("-info.class") ? annotated(bytes) : bytes);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        try {
            return Files.move(begun, copy);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] annotated(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        if ((reader.getAccess() & Opcodes.ACC_ANNOTATION) != 0
                || reader.readShort(6) < Opcodes.V1_7
                || reader.getClassName().equals(CALLER_SENSITIVE)) {
            return classFile;
        }
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new Annotating(writer), 0);
        return writer.toByteArray();
    }

    /** Looks on the stack for who has called it, which is the agent in the first call of a woven method. */
    private static final String CALLER_SENSITIVE = "org/apache/lucene/internal/vectorization/VectorizationProvider";

    private static final class Annotating extends ClassVisitor {

        Annotating(ClassWriter writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!name.startsWith("<") && (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
                AnnotationVisitor recover = method.visitAnnotation("Ldev/holdfast/Recover;", true);
                AnnotationVisitor on = recover.visitArray("on");
                on.visit(null, Type.getType(NEVER));
                on.visitEnd();
                recover.visit("attempts", 2);
                recover.visit("delay", "0s");
                recover.visitEnd();
            }
            return method;
        }
    }
}
