package dev.holdfast.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutletTest {

    /** For the loggers of our own making: what they are to do, by a name that all loaders can read. */
    private static final String DO = "dev.holdfast.test.do";

    @TempDir
    Path folder;

    private final Moment moment = new Moment();
    private final List<String> stderr = Collections.synchronizedList(new ArrayList<>());
    private final Outlet outlet = new Outlet(moment, stderr::add);

    @BeforeEach
    void configure() throws IOException {
        Application.configure(folder, "DEBUG");
    }

    @AfterEach
    void forget() {
        moment.comes();
        allDelivered();
        System.getProperties().remove(DO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j-2-logback", "slf4j-1-logback"})
    void tells_the_logger_that_the_loader_sees(String jars) throws Exception {
        try (Application application = Application.with(jars, folder)) {
            for (Level level : Level.values()) {
                tell(application, level, "as {} is", null);
                tell(application, level, "broken {}", new IllegalStateException("why"));
            }
            assertThat(application.logged())
                    .containsExactly(
                            "ERROR dev.holdfast: as {} is",
                            "ERROR dev.holdfast: broken {} | why",
                            "WARN dev.holdfast: as {} is",
                            "WARN dev.holdfast: broken {} | why",
                            "INFO dev.holdfast: as {} is",
                            "INFO dev.holdfast: broken {} | why",
                            "DEBUG dev.holdfast: as {} is",
                            "DEBUG dev.holdfast: broken {} | why");
            assertThat(stderr).isEmpty();
        }
    }

    @Test
    void leaves_the_level_to_the_applications_logger() throws Exception {
        Application.configure(folder, "ERROR");
        try (Application application = Application.with("slf4j-2-logback", folder)) {
            tell(application, Level.WARN, "not wanted", null);
            tell(application, Level.ERROR, "wanted", null);
            assertThat(application.logged()).hasSize(1).first().asString().endsWith("wanted");
            assertThat(stderr).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j-2-alone", "slf4j-1-alone", "slf4j-2-nop"})
    void writes_to_stderr_where_the_slf4j_has_nothing_behind_it(String jars) throws Exception {
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (Application application = Application.with(jars, folder)) {
            System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
            tell(application, Level.WARN, "one", null);
            tell(application, Level.WARN, "two", null);
            assertThat(told()).containsExactly("WARN holdfast: one", "WARN holdfast: two");
        } finally {
            System.setErr(before);
        }
        assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void writes_to_stderr_where_there_is_no_slf4j() throws Exception {
        try (Application application = Application.bare()) {
            tell(application, Level.WARN, "one", null);
            outlet.tellLater(application, Message.now(Level.INFO, "two", null));
            tell(null, Level.ERROR, "three", null);
            outlet.tellLater(null, Message.now(Level.ERROR, "four", null));
            assertThat(told())
                    .containsExactly(
                            "WARN holdfast: one",
                            "INFO holdfast: two",
                            "ERROR holdfast: three",
                            "ERROR holdfast: four");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j-2-logback", "slf4j-1-logback"})
    void does_not_wake_the_applications_logging_before_the_moment_comes(String jars) throws Exception {
        try (Application application = Application.with(jars, folder)) {
            outlet.tellLater(application, Message.now(Level.WARN, "one", null));
            outlet.tellLater(application, Message.now(Level.WARN, "two", null));
            assertThat(application.isAwake()).isFalse();
            moment.comes();
            allDelivered();
            assertThat(application.logged()).containsExactly("WARN dev.holdfast: one", "WARN dev.holdfast: two");
            assertThat(stderr).isEmpty();
        }
    }

    @Test
    void writes_later_messages_to_stderr_if_the_slf4j_proves_to_have_nothing_behind_it() throws Exception {
        try (Application application = Application.with("slf4j-2-alone", folder)) {
            outlet.tellLater(application, Message.now(Level.WARN, "one", null));
            assertThat(stderr).isEmpty();
            moment.comes();
            allDelivered();
            assertThat(told()).containsExactly("WARN holdfast: one");
        }
    }

    @Test
    void starts_a_thread_for_each_batch_of_later_messages_and_ends_it() throws Exception {
        try (Application application = Application.with("slf4j-2-logback", folder)) {
            for (int batch = 1; batch <= 3; batch++) {
                int told = batch;
                outlet.tellLater(application, Message.now(Level.WARN, "batch", null));
                moment.comes();
                allDelivered();
                assertThat(application.logged()).hasSize(told);
            }
        }
    }

    @Test
    void tells_what_waits_for_the_same_loader_before_the_next_message() throws Exception {
        try (Application application = Application.with("slf4j-2-logback", folder);
                Application other = Application.with("slf4j-2-logback", folder)) {
            outlet.tellLater(application, Message.now(Level.WARN, "one", null));
            outlet.tellLater(other, Message.now(Level.WARN, "other", null));
            outlet.tellLater(application, Message.now(Level.WARN, "two", null));
            tell(application, Level.WARN, "three", null);
            assertThat(application.logged()).extracting(OutletTest::text).containsExactly("one", "two", "three");
            assertThat(other.isAwake()).isFalse();
            moment.comes();
            allDelivered();
            assertThat(other.logged()).extracting(OutletTest::text).containsExactly("other");
        }
    }

    @Test
    void keeps_a_bounded_number_of_later_messages_and_tells_how_many_were_dropped() throws Exception {
        try (Application application = Application.with("slf4j-2-logback", folder)) {
            for (int i = 0; i < 1_005; i++) {
                outlet.tellLater(application, Message.now(Level.WARN, "message " + i, null));
            }
            moment.comes();
            allDelivered();
            assertThat(told()).containsExactly("WARN holdfast: 5 messages came too fast and were dropped");
            assertThat(application.logged()).hasSize(1_000).last().asString().endsWith("message 999");
        }
    }

    @Test
    void writes_to_stderr_what_still_waits_at_the_end_and_all_that_comes_after() throws Exception {
        try (Application application = Application.with("slf4j-2-logback", folder)) {
            outlet.tellLater(application, Message.now(Level.WARN, "waits", null));
            outlet.end();
            outlet.tellLater(application, Message.now(Level.WARN, "comes after", null));
            assertThat(told()).containsExactly("WARN holdfast: waits", "WARN holdfast: comes after");
            assertThat(application.isAwake()).isFalse();
            moment.comes();
        }
    }

    /** An appender can hang, and a daemon thread that hangs does not keep the JVM from ending. */
    @Test
    void writes_to_stderr_what_the_applications_logging_does_not_take_at_the_end() throws Exception {
        Semaphore asked = new Semaphore(0);
        Semaphore hangs = new Semaphore(0);
        System.getProperties().put(DO, (Runnable) () -> {
            asked.release();
            hangs.acquireUninterruptibly();
        });
        try (Application application = Application.whoseLoggerDoes(RUN, folder)) {
            outlet.tellLater(application, Message.now(Level.WARN, "hangs", null));
            outlet.tellLater(application, Message.now(Level.WARN, "waits", null));
            moment.comes();
            asked.acquire();
            outlet.end();
            assertThat(told()).containsExactly("WARN holdfast: waits", "WARN holdfast: hangs");
            hangs.release(10);
        }
    }

    @Test
    void writes_to_stderr_what_the_applications_logging_causes_to_be_logged() throws Exception {
        try (Application application = Application.whoseLoggerDoes(RUN, folder)) {
            System.getProperties().put(DO, (Runnable) () -> {
                tell(application, Level.ERROR, "the logger is woven and fails", null);
                outlet.tellLater(application, Message.now(Level.ERROR, "again", null));
            });
            tell(application, Level.WARN, "one", null);
            assertThat(told())
                    .containsExactly("ERROR holdfast: the logger is woven and fails", "ERROR holdfast: again");
        }
    }

    @ParameterizedTest
    @EnumSource(Failing.class)
    void writes_to_stderr_what_a_failing_logger_does_not_take(Failing failing) throws Exception {
        System.getProperties().put(DO, failing);
        try (Application application = Application.whoseLoggerDoes(RUN, folder)) {
            tell(application, Level.WARN, "one", new RuntimeException());
            assertThat(told())
                    .containsExactly(
                            "WARN holdfast: the application's logging failed, so what follows is told here",
                            "WARN holdfast: one");
            tell(null, Level.WARN, "two", null);
            assertThat(told()).endsWith("WARN holdfast: two");
        }
    }

    @Test
    void writes_to_stderr_where_the_slf4j_cannot_be_used() throws Exception {
        try (Application application = Application.whoseLoggerDoes("", folder)) {
            java.nio.file.Files.delete(folder.resolve("org/slf4j/Logger.class"));
            tell(application, Level.WARN, "one", null);
            assertThat(told()).contains("WARN holdfast: one");
        }
    }

    @Test
    void sets_logging_up_with_the_applications_context_loader_on_a_thread_of_ours() throws Exception {
        List<@Nullable ClassLoader> contexts = Collections.synchronizedList(new ArrayList<>());
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        System.getProperties().put(DO, (Runnable) () -> {
            contexts.add(Thread.currentThread().getContextClassLoader());
            threads.add(Thread.currentThread().getName());
        });
        try (Application application = Application.whoseLoggerDoes(RUN, folder);
                Application other = Application.bare()) {
            outlet.tellLater(application, Message.now(Level.WARN, "one", null));
            moment.comes();
            allDelivered();
            assertThat(contexts).containsExactly(application);
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(other);
            try {
                tell(application, Level.WARN, "two", null);
                assertThat(contexts).containsExactly(application, other);
                assertThat(thread.getContextClassLoader()).isSameAs(other);
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }

    @Test
    void survives_a_stderr_that_fails_or_logs_itself() {
        List<String> written = new ArrayList<>();
        List<Outlet> self = new ArrayList<>();
        Outlet redirected = new Outlet(moment, lines -> {
            written.add(lines);
            self.get(0).tell(null, Message.now(Level.ERROR, "stderr is logged", null));
            throw new StackOverflowError();
        });
        self.add(redirected);
        redirected.tell(null, Message.now(Level.WARN, "one", null));
        redirected.tell(null, Message.now(Level.WARN, "two", null));
        assertThat(written).hasSize(2);
    }

    @Test
    void asks_a_loader_without_slf4j_only_once() {
        Asked loader = new Asked();
        for (int i = 0; i < 3; i++) {
            tell(loader, Level.WARN, "one", null);
            outlet.tellLater(loader, Message.now(Level.WARN, "two", null));
        }
        assertThat(loader.classes).isEqualTo(1);
        assertThat(loader.resources).isEqualTo(1);
        assertThat(stderr).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slf4j-2-logback", "slf4j-1-logback", "slf4j-2-alone"})
    void holds_no_application(String jars) throws Exception {
        WeakReference<ClassLoader> gone = tellOnce(jars);
        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone.get()).isNull();
        });
    }

    @Test
    void holds_no_application_that_a_message_waits_for() throws Exception {
        WeakReference<ClassLoader> gone = tellOnceLater();
        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone.get()).isNull();
        });
        moment.comes();
        allDelivered();
        assertThat(told()).containsExactly("WARN holdfast: waits");
    }

    private WeakReference<ClassLoader> tellOnce(String jars) throws IOException {
        try (Application application = Application.with(jars, folder)) {
            tell(application, Level.WARN, "one", new RuntimeException());
            return new WeakReference<>(application);
        }
    }

    private WeakReference<ClassLoader> tellOnceLater() throws IOException {
        try (Application application = Application.with("slf4j-2-logback", folder)) {
            outlet.tellLater(application, Message.now(Level.WARN, "waits", null));
            return new WeakReference<>(application);
        }
    }

    /** Has the logger do what the test put there. */
    private static final String RUN = "((Runnable) System.getProperties().get(\"" + DO + "\")).run();";

    /** What goes wrong in loggers. */
    private enum Failing implements Runnable {
        EXCEPTION {
            @Override
            public void run() {
                throw new IllegalStateException("broken");
            }
        },
        STACK_OVERFLOW {
            @Override
            public void run() {
                throw new StackOverflowError();
            }
        },
        LINKAGE {
            @Override
            public void run() {
                throw new NoClassDefFoundError("gone");
            }
        }
    }

    /** Counts what it is asked for. */
    private static final class Asked extends ClassLoader {

        int classes;
        int resources;

        Asked() {
            super(null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            classes++;
            throw new ClassNotFoundException(name);
        }

        @Override
        protected java.net.@Nullable URL findResource(String name) {
            resources++;
            return null;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int hashCode() {
            throw new UnsupportedOperationException();
        }
    }

    /** A time in which every wait lasts until the test lets one pass. */
    private static final class Moment implements Time {

        private final Semaphore come = new Semaphore(0);

        void comes() {
            come.release();
        }

        @Override
        public void prepare() {}

        @Override
        public long nanoTime() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            assertThat(nanos).isEqualTo(100_000_000);
            come.acquire();
        }

        @Override
        public boolean await(Semaphore signal, long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long epochMillis() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Scheduled scheduleWork(long delayNanos, Runnable task) {
            return schedule(delayNanos, task);
        }

        @Override
        public Scheduled schedule(long delayNanos, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    private void tell(@Nullable ClassLoader loader, Level level, String text, @Nullable Throwable cause) {
        outlet.tell(loader, Message.now(level, text, cause));
    }

    /** Waits until the thread that delivers has done so and is gone. */
    private static void allDelivered() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("holdfast-log")));
    }

    /** The first line of each that went to stderr, without the time. */
    private List<String> told() {
        return List.copyOf(stderr).stream()
                .map(lines -> lines.substring(lines.indexOf(' ') + 1))
                .map(lines -> lines.substring(0, lines.indexOf(System.lineSeparator())))
                .toList();
    }

    private static String text(String logged) {
        return logged.substring(logged.indexOf(": ") + 2);
    }
}
