package dev.holdfast.runtime.loader;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ByLoaderTest {

    private final ByLoader<Object> kept = new ByLoader<>(Object::new);

    /** As an application server's may be, by the name of the application. */
    private static final class Alike extends ClassLoader {
        @Override
        public boolean equals(Object other) {
            return other instanceof Alike;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private static final class Broken extends ClassLoader {
        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("nobody is to ask");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("nobody is to ask");
        }
    }

    @Test
    void gives_the_same_for_the_same_loader() {
        ClassLoader loader = new Alike();
        assertThat(kept.get(loader)).isSameAs(kept.get(loader));
        assertThat(kept.get(null)).isSameAs(kept.get(null)).isNotSameAs(kept.get(loader));
    }

    @Test
    void tells_loaders_apart_that_are_equal() {
        assertThat(kept.get(new Alike())).isNotSameAs(kept.get(new Alike()));
    }

    @Test
    void asks_a_loader_nothing() {
        ClassLoader loader = new Broken();
        assertThat(kept.get(loader)).isSameAs(kept.get(loader));
    }

    @Test
    void forgets_a_loader_that_is_gone() {
        for (int i = 0; i < 100; i++) {
            kept.get(new Alike());
        }
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            kept.get(new Alike());
            assertThat(kept.size()).isLessThan(50);
        });
    }
}
