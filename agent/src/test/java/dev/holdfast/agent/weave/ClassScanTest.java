package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClassScanTest {

    private static final Map<String, byte[]> APP = Compiled.of(
            17,
            "class Direct { @Recover(attempts = 2) void m() {} }",
            "@Recover(attempts = 2) class Covered {}",
            "class Composed { @Deprecated @Resilient void m() {} }",
            "@Resilient class ComposedAbove {}",
            "class Ordinary { @Named(value = @Inner(x = {1, 2}, t = String.class, e = Backoff.CONSTANT), s = {\"a\"}) void m() {} }",
            "class Bare { String text = \"Ldev/holdfast/Recover;\"; Class<?> t = Recover.class; }",
            "class OnParts { @Resilient2 int field; void m(@Resilient2 int parameter) {} }",
            "@Recover(attempts = 2) @interface Resilient {}",
            "@Recover(attempts = 2) @interface Resilient2 {}",
            "@interface Named { Inner value(); String[] s(); }",
            "@interface Inner { int[] x(); Class<?> t(); Backoff e(); }");

    private final List<String> lookedUp = new ArrayList<>();
    private final ComposedAnnotations composed = new ComposedAnnotations();

    @Test
    void finds_direct_and_composed_annotations_and_nothing_else() {
        assertThat(concerns("Direct")).isTrue();
        assertThat(concerns("Covered")).isTrue();
        assertThat(concerns("Composed")).isTrue();
        assertThat(concerns("ComposedAbove")).isTrue();
        assertThat(concerns("Ordinary")).isFalse();
        assertThat(concerns("Bare")).isFalse();
        assertThat(concerns("OnParts")).isFalse();
        assertThat(concerns("Resilient")).isFalse();
        assertThat(concerns("Named")).isFalse();
    }

    @Test
    void looks_an_annotation_type_up_once_per_loader_whatever_comes_of_it() {
        concerns("Composed");
        concerns("ComposedAbove");
        concerns("Ordinary");
        concerns("Ordinary");
        assertThat(lookedUp).containsExactly("app/Resilient.class", "app/Named.class");
        ClassLoader other = new ClassLoader(null) {};
        assertThat(ClassScan.concerns(file("Composed"), composed.seenBy(other, this::find)))
                .isTrue();
        assertThat(lookedUp).hasSize(3);
    }

    @Test
    void remembers_annotation_types_that_come_by_where_no_resource_is() {
        ClassLoader parent = new ClassLoader(null) {};
        ClassLoader child = new ClassLoader(parent) {};
        ClassLoader stranger = new ClassLoader(null) {};
        assertThat(ClassScan.concerns(file("Resilient"), composed.seenBy(parent, name -> null)))
                .isFalse();
        assertThat(ClassScan.concerns(file("Composed"), composed.seenBy(parent, name -> null)))
                .isTrue();
        assertThat(ClassScan.concerns(file("Composed"), composed.seenBy(child, name -> null)))
                .isTrue();
        assertThat(ClassScan.concerns(file("Composed"), composed.seenBy(stranger, name -> null)))
                .isFalse();
    }

    @Test
    void outlives_loaders_that_throw() {
        ComposedAnnotations.View broken = composed.seenBy(null, name -> {
            throw new IllegalStateException("closed");
        });
        assertThat(ClassScan.concerns(file("Composed"), broken)).isFalse();
        assertThat(ClassScan.concerns(file("Direct"), broken)).isTrue();
    }

    @Test
    void forgets_loaders_that_are_gone() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            ClassScan.concerns(file("Composed"), composed.seenBy(new ClassLoader(null) {}, this::find));
        }
        // The collector takes its time; each round looks whether it has come by.
        for (int i = 0; i < 200 && composed.loaders() > 50; i++) {
            System.gc();
            Thread.onSpinWait();
            ClassScan.concerns(file("Composed"), composed.seenBy(null, this::find));
        }
        assertThat(composed.loaders()).isLessThanOrEqualTo(50);
    }

    @Test
    void takes_no_class_file_for_one() {
        ComposedAnnotations.View types = composed.seenBy(null, this::find);
        assertThat(ClassScan.concerns(new byte[0], types)).isFalse();
        assertThat(ClassScan.concerns(new byte[100], types)).isFalse();
        assertThat(ClassScan.concerns(new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE}, types))
                .isFalse();
        byte[] damaged = file("Ordinary").clone();
        for (int i = 8; i < damaged.length; i++) {
            byte was = damaged[i];
            damaged[i] = -1;
            ClassScan.concerns(damaged, types);
            damaged[i] = was;
        }
        assertThat(ClassScan.concerns(damaged, types)).isFalse();
    }

    private boolean concerns(String name) {
        return ClassScan.concerns(file(name), composed.seenBy(null, this::find));
    }

    private byte @Nullable [] find(String resource) {
        lookedUp.add(resource);
        return APP.get(resource.replace(".class", "").replace('/', '.'));
    }

    private static byte[] file(String name) {
        return Objects.requireNonNull(APP.get("app." + name));
    }
}
