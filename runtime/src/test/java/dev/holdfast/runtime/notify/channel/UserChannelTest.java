package dev.holdfast.runtime.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.NotificationChannel;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserChannelTest {

    private static final Letter LETTER = new Letter("a1-7", "", "{}");

    @TempDir
    Path folder;

    /** Takes everything. */
    public static final class Good implements NotificationChannel {

        static final List<String> TAKEN = new ArrayList<>();

        @Override
        public String scheme() {
            return "good";
        }

        @Override
        public void send(String uri, String event) {
            TAKEN.add(uri + " " + event);
        }
    }

    /** Cannot be made. */
    public static final class Broken implements NotificationChannel {

        public Broken() {
            throw new IllegalStateException("no key");
        }

        @Override
        public String scheme() {
            return "broken";
        }

        @Override
        public void send(String uri, String event) {
            throw new AssertionError("there is none");
        }
    }

    /** One application that brings these. */
    private final class Application implements UserChannel.Applications, AutoCloseable {

        private final URLClassLoader loader;
        private final List<String> complaints = new ArrayList<>();

        Application(String... services) throws IOException {
            Path file = Files.createDirectories(folder.resolve("META-INF/services"))
                    .resolve(NotificationChannel.class.getName());
            Files.write(file, List.of(services));
            loader = new URLClassLoader(
                    new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        }

        @Override
        public List<ClassLoader> loaders() {
            return List.of(loader);
        }

        @Override
        public int seen() {
            return 1;
        }

        @Override
        public void complain(String what) {
            complaints.add(what);
        }

        @Override
        public void close() throws IOException {
            loader.close();
        }
    }

    /** The log, say. */
    private static final class Otherwise implements Channel {

        private int taken;

        @Override
        public void send(List<Letter> letters) {
            taken += letters.size();
        }

        @Override
        public void close() {}
    }

    @Test
    void one_that_cannot_be_made_does_not_hide_the_others() throws IOException {
        try (Application application =
                new Application("com.acme.Missing", Broken.class.getName(), Good.class.getName())) {
            Good.TAKEN.clear();
            new UserChannel("good", "good:x", application, new Otherwise()).send(List.of(LETTER));
            assertThat(Good.TAKEN).containsExactly("good:x {}");
            assertThat(application.complaints).isEmpty();
        }
    }

    @Test
    void what_may_be_for_one_that_cannot_be_made_waits() throws IOException {
        try (Application application = new Application(Good.class.getName(), Broken.class.getName())) {
            Otherwise log = new Otherwise();
            UserChannel channel = new UserChannel("broken", "broken:x", application, log);
            assertThatThrownBy(() -> channel.send(List.of(LETTER)))
                    .isInstanceOfSatisfying(UndeliveredException.class, refused -> assertThat(refused.isForGood())
                            .isFalse())
                    .hasMessageContaining("no key");
            assertThat(application.complaints).singleElement().asString().contains(Broken.class.getName());
            assertThat(log.taken).isZero();
        }
    }

    @Test
    void what_nobody_brings_goes_elsewhere() throws IOException {
        try (Application application = new Application(Good.class.getName())) {
            Otherwise log = new Otherwise();
            new UserChannel("other", "other:x", application, log).send(List.of(LETTER));
            assertThat(log.taken).isEqualTo(1);
            assertThat(application.complaints).singleElement().asString().contains("unknown scheme, other");
        }
    }
}
