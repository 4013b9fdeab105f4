package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ObjectStreamClass;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that was written without the agent must be readable with it, and the other way round. */
class SerialVersionTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 11, 17})
    void a_class_with_synchronized_methods_keeps_its_number(int release) throws Exception {
        assertKept(release, """
                public class Type implements java.io.Serializable, Comparable<Type> {
                    static int count = Integer.parseInt("1");
                    private static int hidden;
                    private transient String gone;
                    protected volatile long kept;
                    private int[][] inner;
                    public Type() {}
                    protected Type(String x, int[] y) { gone = x; }
                    private Type(int x) {}
                    @Recover(attempts = 2) public synchronized String locked(Map<String, int[]> x) { return gone; }
                    @Recover(attempts = 2) static synchronized void lockedStatic() {}
                    @Recover(attempts = 2) private synchronized void ownLock() {}
                    protected strictfp double strict(double a) { return a; }
                    public int compareTo(Type other) { return hidden; }
                    Runnable lambda() { return () -> ownLock(); }
                    class Nested { int x = inner.length; }
                }""", "app.Type");
    }

    @Test
    void an_interface_above_or_a_class_above_may_make_it_serializable() throws Exception {
        assertKept(17, """
                abstract class Type extends Above { @Recover(attempts = 2) synchronized void locked() {} abstract void open(); }
                """, "app.Type", "class Above implements java.io.Serializable {}");
        assertKept(17, """
                class Outer {
                    protected static class Nested extends Exception { @Recover(attempts = 2) public synchronized void locked() {} }
                    private final class Inner extends Exception { @Recover(attempts = 2) public synchronized void locked() {} }
                }""", "app.Outer$Nested");
        assertKept(17, """
                class Outer {
                    private static final class Nested extends Exception { @Recover(attempts = 2) public synchronized void locked() {} }
                }""", "app.Outer$Nested");
    }

    @Test
    void nobody_else_is_given_a_field() {
        assertUntouched("class Type implements java.io.Serializable { @Recover(attempts = 2) void free() {} }");
        assertUntouched(
                "class Type implements java.io.Serializable { @Recover(attempts = 2) private synchronized void own() {} }");
        assertUntouched(
                "class Type implements java.io.Serializable {"
                        + " private static final long serialVersionUID = 7; @Recover(attempts = 2) synchronized void locked() {} }");
        assertUntouched("class Type { @Recover(attempts = 2) synchronized void locked() {} }");
        assertUntouched("enum Type { A; @Recover(attempts = 2) synchronized void locked() {} }");
        assertUntouched(
                "record Type(int x) implements java.io.Serializable { @Recover(attempts = 2) synchronized void locked() {} }");
    }

    private static void assertKept(int release, String source, String name, String... more) throws Exception {
        String[] units = Arrays.copyOf(more, more.length + 1);
        units[more.length] = source;
        Map<String, byte[]> app = Compiled.of(release, units);
        try (Woven loader = new Woven(app)) {
            Class<?> woven = loader.loadClass(name);
            assertThat(loader.weavingOf(name).methods()).isNotEmpty();
            assertThat(Arrays.stream(woven.getDeclaredFields()).map(java.lang.reflect.Field::getName))
                    .contains(SerialVersion.FIELD);
            assertThat(numberOf(woven)).isEqualTo(numberOf(new Bare(app).loadClass(name)));
        }
    }

    private static void assertUntouched(String source) {
        Map<String, byte[]> app = Compiled.of(17, source);
        Weaving weaving = Woven.weave(app, "app.Type");
        assertThat(weaving.methods()).hasSize(1);
        ClassFacts facts = ClassFacts.of(
                new net.bytebuddy.jar.asm.ClassReader(java.util.Objects.requireNonNull(weaving.classFile())));
        assertThat(facts.fields().stream()
                        .filter(field -> field.name().equals(SerialVersion.FIELD) && field.is(0x1000)))
                .isEmpty();
    }

    private static long numberOf(Class<?> type) {
        return ObjectStreamClass.lookup(type).getSerialVersionUID();
    }

    /** The same classes as they were compiled. */
    private static final class Bare extends ClassLoader {

        private final Map<String, byte[]> classes;

        Bare(Map<String, byte[]> classes) {
            super(Bare.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
