package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weaves every method of much code that nobody wrote for this: what compilers do, the weaver must bear. */
class EverythingTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void libraries_pass_the_verifier_with_every_method_woven(boolean gated) throws Exception {
        Map<String, byte[]> bare = new HashMap<>();
        for (Class<?> some : List.of(Assertions.class, JavaClass.class, Test.class, MethodVisitor.class)) {
            bare.putAll(classesBeside(some));
        }
        Map<String, byte[]> woven = new HashMap<>();
        int methods = 0;
        for (Map.Entry<String, byte[]> each : bare.entrySet()) {
            ClassReader reader = new ClassReader(each.getValue());
            ClassFacts facts = ClassFacts.of(reader);
            Map<String, Method> all = allOf(facts, gated);
            methods += all.size();
            woven.put(each.getKey(), Wrapping.apply(reader, facts, all));
        }
        assertThat(methods).isGreaterThan(20_000);

        Linking asWritten = new Linking(bare);
        Linking asWoven = new Linking(woven);
        int linked = 0;
        for (String name : bare.keySet()) {
            String before = asWritten.link(name);
            assertThat(asWoven.link(name)).as(name).isEqualTo(before);
            linked += before.isEmpty() ? 1 : 0;
        }
        // The rest lacks optional libraries, woven or not.
        assertThat(linked).isGreaterThan(bare.size() * 8 / 10);
    }

    @Test
    void the_jdk_can_be_read_again_with_every_method_woven() throws IOException {
        int methods = 0;
        FileSystem jrt = FileSystems.getFileSystem(URI.create("jrt:/"));
        for (String where : List.of("java.base/java/lang", "java.base/java/util", "java.base/java/time", "java.sql")) {
            for (byte[] file : classesBelow(jrt.getPath("/modules/" + where)).values()) {
                ClassReader reader = new ClassReader(file);
                ClassFacts facts = ClassFacts.of(reader);
                Map<String, Method> all = allOf(facts, methods % 2 == 0);
                methods += all.size();
                Counter before = Counter.of(file);
                Counter after = Counter.of(Wrapping.apply(reader, facts, all));
                assertThat(after.bodies).as(facts.name()).isEqualTo(all.size());
                assertThat(after.instructions - after.ofWrappers)
                        .as(facts.name())
                        .isEqualTo(before.instructions);
            }
        }
        assertThat(methods).isGreaterThan(15_000);
    }

    private static Map<String, Method> allOf(ClassFacts facts, boolean gated) {
        Map<String, Method> all = new LinkedHashMap<>();
        for (ClassFacts.Member member : facts.methods()) {
            if (facts.version() >= Opcodes.V1_7
                    && !member.is(Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)
                    && !member.name().startsWith("<")) {
                all.put(member.signature(), new Method(member, "@Recover(attempts=2)", gated));
            }
        }
        return all;
    }

    private static Map<String, byte[]> classesBeside(Class<?> type) throws Exception {
        CodeSource source = Objects.requireNonNull(type.getProtectionDomain().getCodeSource());
        URL jar = source.getLocation();
        try (FileSystem files = FileSystems.newFileSystem(Path.of(jar.toURI()))) {
            return classesBelow(files.getPath("/"));
        }
    }

    private static Map<String, byte[]> classesBelow(Path root) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class")
                            && !file.toString().startsWith("/META-INF/")
                            && !file.toString().endsWith("-info.class"))
                    .forEach(file -> {
                        try {
                            String path = root.relativize(file).toString();
                            classes.put(
                                    path.substring(0, path.length() - ".class".length())
                                            .replace('/', '.'),
                                    Files.readAllBytes(file));
                        } catch (IOException unreadable) {
                            throw new UncheckedIOException(unreadable);
                        }
                    });
        }
        return classes;
    }

    /** A loader of its own classes first, which can be asked to verify one. */
    private static final class Linking extends ClassLoader {

        private final Map<String, byte[]> classes;

        Linking(Map<String, byte[]> classes) {
            super(Linking.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                byte[] bytes = classes.get(name);
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null || bytes == null) {
                    return loaded == null ? super.loadClass(name, resolve) : loaded;
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        /** Has the JVM verify a class without running its initialiser; says what was missing, empty if nothing. */
        String link(String name) throws ClassNotFoundException {
            try {
                // Reflection links the class before it lists what is declared.
                return loadClass(name).getDeclaredConstructors().length < 0 ? "never" : "";
            } catch (NoClassDefFoundError missing) {
                return missing.toString();
            }
        }
    }

    /** Counts instructions, and those of them that wrappers have. */
    private static final class Counter extends ClassVisitor {

        private final List<String> names = new ArrayList<>();
        private final Map<String, Integer> sizes = new HashMap<>();
        private int instructions;
        private int bodies;
        private int ofWrappers;

        private Counter() {
            super(Opcodes.ASM9);
        }

        static Counter of(byte[] classFile) {
            Counter counter = new Counter();
            new ClassReader(classFile).accept(counter, 0);
            for (String name : counter.names) {
                Integer size = counter.sizes.get(name.replace(Weaver.BODY, ""));
                if (name.contains(Weaver.BODY) && size != null) {
                    counter.bodies++;
                    counter.ofWrappers += size;
                }
            }
            return counter;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            names.add(name + descriptor);
            return new MethodVisitor(Opcodes.ASM9) {
                private void count() {
                    instructions++;
                    sizes.merge(name + descriptor, 1, Integer::sum);
                }

                @Override
                public void visitInsn(int opcode) {
                    count();
                }

                @Override
                public void visitIntInsn(int opcode, int operand) {
                    count();
                }

                @Override
                public void visitVarInsn(int opcode, int index) {
                    count();
                }

                @Override
                public void visitTypeInsn(int opcode, String type) {
                    count();
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    count();
                }

                @Override
                public void visitMethodInsn(int opcode, String owner, String method, String type, boolean face) {
                    count();
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String method, String type, net.bytebuddy.jar.asm.Handle bootstrap, Object... arguments) {
                    count();
                }

                @Override
                public void visitJumpInsn(int opcode, net.bytebuddy.jar.asm.Label label) {
                    count();
                }

                @Override
                public void visitLdcInsn(Object value) {
                    count();
                }
            };
        }
    }
}
