package dev.holdfast.it.programs.notify;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.NotifyOnFailure;
import dev.holdfast.Recover;
import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What is told of failures, to a file; each case by a text of its own. */
public final class Tellings {

    @NotifyOnFailure(channels = "file")
    private String plain(String text) throws IOException {
        throw new IOException(text, new IllegalStateException("the root"));
    }

    @Case
    void tells_what_is_known_of_a_failure() {
        Expect.thrown(IOException.class, () -> plain("plain failure"));
        String event = Events.only("plain failure");
        Expect.equal("1.0", Events.value(event, "specversion"));
        Expect.equal("dev.holdfast.method.failed.v1", Events.value(event, "type"));
        Expect.equal("application/json", Events.value(event, "datacontenttype"));
        Expect.equal("/tellings%20of%20it", Events.value(event, "source"));
        Expect.equal("dev.holdfast.it.programs.notify.Tellings#plain", Events.value(event, "subject"));
        Expect.equal("java.io.IOException", Events.value(event, "failure"));
        Expect.equal("plain failure", Events.value(event, "message"));
        Expect.equal("java.lang.IllegalStateException: the root", Events.value(event, "rootCause"));
        Expect.equal("1", Events.value(event, "attempts"));
        Expect.equal("null", Events.value(event, "recoveredBy"));
        Expect.equal("Tellings.tells_what_is_known_of_a_failure", Events.value(event, "thread"));
        Expect.equal("1", Events.value(event, "count"));
        Expect.equal("ERROR", Events.value(event, "severity"));
        Expect.contains("\"fingerprint\":\"v1:", event);
        Expect.contains("\"stack\":[\"dev.holdfast.it.programs.notify.Tellings.plain(Tellings.java:", event);
        Expect.contains("\"arguments\":[{\"name\":\"text\",\"type\":\"java.lang.String\"}]", event);
    }

    @NotifyOnFailure(channels = "file")
    private void outer() throws IOException {
        try {
            plain("nested failure");
        } catch (IOException inner) {
            throw new IllegalStateException("wrapped", inner);
        }
    }

    @NotifyOnFailure(channels = "file")
    private void outermost() throws IOException {
        outer();
    }

    @Case
    void tells_a_failure_of_nested_methods_once() {
        Expect.thrown(IllegalStateException.class, this::outermost);
        Expect.contains("Tellings#plain", Events.only("nested failure"));
        Expect.equal(0, Events.now("Tellings#outer").size());
    }

    @NotifyOnFailure(
            channels = {"file", "second"},
            severity = Severity.CRITICAL)
    private void outerOfTwoChannels() throws IOException {
        plain("failure for two channels");
    }

    @NotifyOnFailure(channels = "file", after = 100)
    private void rarely() throws IOException {
        throw new IOException("failure that is rare inside");
    }

    @NotifyOnFailure(channels = "file")
    private void outerOfRarely() throws IOException {
        rarely();
    }

    @Case
    void tells_a_failure_of_nested_methods_to_the_channels_that_nobody_inside_has_told() throws IOException {
        Expect.thrown(IOException.class, this::outerOfTwoChannels);
        Expect.contains("Tellings#plain", Events.only("failure for two channels"));
        Path second = Path.of(System.getProperty("it.events") + ".second");
        Expect.eventually(() -> java.nio.file.Files.exists(second));
        Expect.contains("Tellings#outerOfTwoChannels", String.join("\n", java.nio.file.Files.readAllLines(second)));

        Expect.thrown(IOException.class, this::outerOfRarely);
        Expect.contains("Tellings#outerOfRarely", Events.only("failure that is rare inside"));
    }

    @NotifyOnFailure(channels = "file")
    private void recursive(int depth) throws IOException {
        if (depth == 0) {
            throw new IOException("recursive failure");
        }
        recursive(depth - 1);
    }

    @Case
    void tells_a_failure_of_a_recursion_once() {
        Expect.thrown(IOException.class, () -> recursive(20));
        Events.only("recursive failure");
    }

    private static final RuntimeException SAME = new IllegalArgumentException("the same object");

    @NotifyOnFailure(channels = "file")
    private void throwsTheSame() {
        throw SAME;
    }

    @Case
    void tells_each_failure_of_an_object_that_is_thrown_again_and_again() {
        for (int i = 0; i < 100; i++) {
            Expect.thrown(SAME, this::throwsTheSame);
        }
        Events.exactly(100, "the same object");
    }

    private static final RuntimeException EVERYBODYS = new IllegalArgumentException("everybody's object");

    private static final RuntimeException BARE = new RuntimeException("object without a trace", null, false, false) {};

    @NotifyOnFailure(channels = "file")
    private void first(RuntimeException thrown) {
        if (thrown != null) {
            throw thrown;
        }
    }

    @NotifyOnFailure(channels = "file")
    private void second(RuntimeException thrown) {
        throw thrown;
    }

    @NotifyOnFailure(channels = "file")
    @Recover(breaker = @CircuitBreaker(minCalls = 100, window = 1_000))
    private void guarded(RuntimeException thrown) {
        throw thrown;
    }

    @NotifyOnFailure(channels = "file")
    private void aroundTwo(RuntimeException thrown) {
        try {
            first(thrown);
        } catch (RuntimeException again) {
            second(thrown);
        }
    }

    @Case
    void tells_each_failure_of_an_object_that_several_methods_throw_at_the_same_moment() {
        for (int i = 0; i < 20; i++) {
            for (int fast = 0; fast < 200; fast++) {
                first(null); // too often for an exact look at the clock
            }
            Expect.thrown(EVERYBODYS, () -> first(EVERYBODYS));
            Expect.thrown(EVERYBODYS, () -> second(EVERYBODYS));
            Expect.thrown(EVERYBODYS, () -> guarded(EVERYBODYS));
            Expect.thrown(EVERYBODYS, () -> aroundTwo(EVERYBODYS));
            Expect.thrown(BARE, () -> first(BARE));
            Expect.thrown(BARE, () -> second(BARE));
        }
        List<String> events = Events.exactly(100, "everybody's object");
        Expect.equal(
                40L, events.stream().filter(event -> event.contains("#first")).count());
        Expect.equal(
                40L, events.stream().filter(event -> event.contains("#second")).count());
        Expect.equal(
                20L, events.stream().filter(event -> event.contains("#guarded")).count());
        Events.exactly(40, "object without a trace");
    }

    @NotifyOnFailure(channels = "file")
    @Recover(breaker = @CircuitBreaker(minCalls = 100, window = 1_000))
    private void guardedOuter() throws IOException {
        plain("failure behind a breaker");
    }

    @Case
    void tells_a_failure_once_that_passes_through_a_method_which_nobody_saw_begin() {
        for (int i = 0; i < 3; i++) {
            Expect.thrown(IOException.class, this::guardedOuter);
        }
        for (String event : Events.exactly(3, "failure behind a breaker")) {
            Expect.contains("Tellings#plain", event);
        }
    }

    @NotifyOnFailure(channels = "file")
    @NotifyOnFailure(channels = "file", when = When.UNRECOVERED, severity = Severity.CRITICAL)
    @Recover(attempts = 2, delay = "1ms", fallback = "instead")
    private String recovered() throws IOException {
        throw new IOException("recovered failure");
    }

    private String instead() {
        return "instead";
    }

    @Case
    void tells_a_failure_that_a_fallback_hid_unless_only_unrecovered_ones_are_asked_for() throws IOException {
        Expect.equal("instead", recovered());
        String event = Events.only("recovered failure");
        Expect.equal("fallback", Events.value(event, "recoveredBy"));
        Expect.equal("2", Events.value(event, "attempts"));
        Expect.equal("ERROR", Events.value(event, "severity"));
    }

    @NotifyOnFailure(channels = "file", on = IOException.class)
    @NotifyOnFailure(channels = "file", when = When.UNRECOVERED, severity = Severity.CRITICAL)
    @Recover(attempts = 2, delay = "1ms", fallback = "worse")
    private String unrecoverable() throws IOException {
        throw new IOException("failure, made it worse");
    }

    private String worse() {
        throw new IllegalStateException("failure of a fallback, made it worse");
    }

    @NotifyOnFailure(channels = "file")
    private void outerOfUnrecoverable() throws IOException {
        unrecoverable();
    }

    @Case
    void tells_what_the_attempts_ended_with_where_the_fallback_fails_too_or_else_what_the_caller_saw() {
        Expect.thrown(IllegalStateException.class, this::outerOfUnrecoverable);
        List<String> events = Events.exactly(2, "made it worse");
        Expect.equal("java.io.IOException", Events.value(events.get(0), "failure"));
        Expect.equal("null", Events.value(events.get(0), "recoveredBy"));
        Expect.equal("2", Events.value(events.get(0), "attempts"));
        Expect.equal("ERROR", Events.value(events.get(0), "severity"));
        Expect.equal("java.lang.IllegalStateException", Events.value(events.get(1), "failure"));
        Expect.equal("CRITICAL", Events.value(events.get(1), "severity"));
    }

    @NotifyOnFailure(channels = "file", when = When.EVERY_ATTEMPT, severity = Severity.INFO)
    @NotifyOnFailure(channels = "file", when = When.UNRECOVERED, severity = Severity.CRITICAL)
    @Recover(attempts = 3, delay = "1ms")
    private void attempted() throws IOException {
        throw new IOException("attempted failure");
    }

    @Case
    void tells_every_attempt_and_the_call_beside() {
        Expect.thrown(IOException.class, this::attempted);
        List<String> events = Events.exactly(4, "attempted failure");
        for (int i = 0; i < 3; i++) {
            Expect.equal("INFO", Events.value(events.get(i), "severity"));
            Expect.equal(String.valueOf(i + 1), Events.value(events.get(i), "attempts"));
        }
        Expect.equal("CRITICAL", Events.value(events.get(3), "severity"));
    }

    @NotifyOnFailure(channels = "file", when = When.EVERY_ATTEMPT, severity = Severity.INFO)
    @NotifyOnFailure(channels = "file", when = When.UNRECOVERED, severity = Severity.CRITICAL)
    @Recover(attempts = 5, delay = "1ms", breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    private void rejectedInBetween() throws IOException {
        throw new IOException("attempt before the breaker opened");
    }

    @NotifyOnFailure(channels = "file", when = When.EVERY_ATTEMPT, severity = Severity.INFO)
    @NotifyOnFailure(channels = "file", when = When.UNRECOVERED, severity = Severity.CRITICAL)
    @Recover(attempts = 5, delay = "1ms", breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
    private CompletableFuture<String> stageRejectedInBetween() {
        return CompletableFuture.failedFuture(new IOException("attempt before its breaker opened"));
    }

    @Case
    void tells_no_attempt_of_what_a_breaker_rejects_but_the_end_of_the_call() {
        Expect.thrown(BreakerOpenException.class, this::rejectedInBetween);
        Events.exactly(2, "attempt before the breaker opened");
        Expect.equal("CRITICAL", Events.value(Events.only("Tellings.rejectedInBetween():"), "severity"));
        Expect.thrown(CompletionException.class, () -> stageRejectedInBetween().join());
        Events.exactly(2, "attempt before its breaker opened");
        Expect.equal("CRITICAL", Events.value(Events.only("Tellings.stageRejectedInBetween():"), "severity"));
    }

    @NotifyOnFailure(channels = "file", after = 3, within = "10s")
    private void often() throws IOException {
        throw new IOException("frequent failure");
    }

    @Case
    void tells_from_the_third_failure_on() {
        for (int i = 0; i < 4; i++) {
            Expect.thrown(IOException.class, this::often);
        }
        List<String> events = Events.exactly(2, "frequent failure");
        Expect.equal("3", Events.value(events.get(0), "count"));
        Expect.equal("1", Events.value(events.get(1), "count"));
    }

    @NotifyOnFailure(channels = "file", message = "{method} for {tenant}: {failure.message}")
    private void templated(String tenant) throws IOException {
        throw new IOException("it broke");
    }

    @Case
    void fills_in_a_message() {
        Expect.thrown(IOException.class, () -> templated("acme"));
        Expect.equal(
                "dev.holdfast.it.programs.notify.Tellings.templated for acme: it broke",
                Events.value(Events.only("for acme"), "message"));
    }

    /** Public, so that a template can use it. */
    public static final class Breaks {

        public String name() {
            throw new IllegalStateException("no name");
        }
    }

    @NotifyOnFailure(channels = "file", message = "{breaks.name}")
    private void templateFails(Breaks breaks) throws IOException {
        throw new IOException("failure with a message that fails");
    }

    @Case
    void tells_the_failures_own_message_where_the_template_fails() {
        Expect.thrown(IOException.class, () -> templateFails(new Breaks()));
        Events.only("failure with a message that fails");
    }

    @NotifyOnFailure(channels = "file", arguments = true)
    private void argued(String user, String password, int[] numbers) throws IOException {
        throw new IOException("argued failure, token=abcdef123456");
    }

    @Case
    void tells_arguments_if_asked_but_nothing_secret() {
        Expect.thrown(IOException.class, () -> argued("ann", "sesame", new int[] {1, 2}));
        String event = Events.only("argued failure");
        Expect.contains("{\"name\":\"user\",\"type\":\"java.lang.String\",\"value\":\"\\\"ann\\\"\"}", event);
        Expect.contains("\"value\":\"[1, 2]\"", event);
        Expect.that(!event.contains("sesame"), "the password is left out of " + event);
        Expect.that(!event.contains("abcdef123456"), "the token is left out of " + event);
    }

    private record Item(String name, String secret) {}

    @NotifyOnFailure(channels = "file", arguments = true)
    private void arguedOfItems(List<Item> items) throws IOException {
        throw new IOException("failure of items");
    }

    @Case
    void tells_records_among_arguments_as_they_were() {
        List<Item> items = new ArrayList<>(List.of(new Item("tea", "sesame")));
        Expect.thrown(IOException.class, () -> arguedOfItems(items));
        items.clear();
        Expect.contains("\"value\":\"[Item[name=\\\"tea\\\", secret=***]]\"", Events.only("failure of items"));
    }

    @NotifyOnFailure(channels = "file", on = IOException.class, except = FileNotFoundException.class)
    private void chosen(Exception failure) throws Exception {
        throw failure;
    }

    @Case
    void tells_the_failures_that_it_is_for() {
        Expect.thrown(Exception.class, () -> chosen(new FileNotFoundException("chosen failure 1")));
        Expect.thrown(Exception.class, () -> chosen(new IllegalStateException("chosen failure 2")));
        Expect.thrown(Exception.class, () -> chosen(new IOException("chosen failure 3")));
        Expect.contains("chosen failure 3", Events.only("chosen failure"));
    }

    @NotifyOnFailure(channels = "file")
    private CompletionStage<String> staged() {
        return CompletableFuture.supplyAsync(() -> {
            throw new IllegalStateException("staged failure");
        });
    }

    @Case
    void tells_the_failure_of_a_stage() {
        Expect.thrown(
                CompletionException.class, () -> staged().toCompletableFuture().join());
        Expect.equal("java.lang.IllegalStateException", Events.value(Events.only("staged failure"), "failure"));
    }

    private static final CompletableFuture<String> PENDING = new CompletableFuture<>();

    @NotifyOnFailure(channels = "file")
    private CompletableFuture<String> pending() {
        return PENDING;
    }

    @NotifyOnFailure(channels = "file")
    private CompletionStage<String> noStage() {
        return null;
    }

    @NotifyOnFailure(channels = "file")
    private CompletableFuture<String> throwsAtOnce() {
        throw new IllegalStateException("stage that never was");
    }

    @NotifyOnFailure(channels = "file")
    private CompletableFuture<String> derived(CompletableFuture<String> from) {
        return from.thenApply(String::trim);
    }

    @Case
    void a_stage_that_comes_of_a_cancelled_one_has_not_failed_either() {
        CompletableFuture<String> from = new CompletableFuture<>();
        CompletableFuture<String> derived = derived(from);
        from.cancel(false);
        Expect.that(derived.isCompletedExceptionally(), "it is over");
        Expect.thrown(IOException.class, () -> plain("failure behind a cancelled one"));
        Events.only("failure behind a cancelled one");
        Expect.equal(0, Events.now("Tellings#derived").size());
    }

    /** As libraries have them. */
    private static final class OwnFuture extends CompletableFuture<String> {}

    @NotifyOnFailure(channels = "file")
    @NotifyOnFailure(channels = "file", when = When.EVERY_ATTEMPT, severity = Severity.INFO)
    private OwnFuture ofOwnType() {
        OwnFuture future = new OwnFuture();
        future.completeExceptionally(new CompletionException(new IOException("failure of a stage of its own type")));
        return future;
    }

    @Case
    void leaves_a_stage_as_it_is_and_tells_how_it_completes() {
        for (int i = 0; i < 2; i++) {
            Expect.that(pending() == PENDING, "it is the stage that the body returned");
            Expect.that(noStage() == null, "it is the null that the body returned");
            Expect.thrown(CompletionException.class, () -> throwsAtOnce().join());
        }
        PENDING.completeExceptionally(new IOException("failure of a stage that was pending"));
        Events.exactly(2, "failure of a stage that was pending");
        Events.exactly(2, "stage that never was");
        Expect.equal(0, Events.now("null was returned").size());
        Expect.thrown(CompletionException.class, () -> ofOwnType().join());
        Expect.equal(
                "java.io.IOException",
                Events.value(
                        Events.exactly(2, "failure of a stage of its own type").get(0), "failure"));
    }

    @NotifyOnFailure(channels = {"own", "file"})
    private void toOwnChannel() throws IOException {
        throw new IOException("own failure");
    }

    @Case
    void tells_channels_of_the_application_and_never_of_what_fails_in_them() {
        Expect.thrown(IOException.class, this::toOwnChannel);
        Expect.eventually(() -> Selfish.TOLD.contains("stumbled"));
        Events.only("own failure");
        Expect.equal(2, Selfish.TOLD.size());
        Expect.contains("selfish:whatever {", Selfish.TOLD.get(0));
        Expect.equal(0, Events.now("the channel's own failure").size());
    }

    @NotifyOnFailure(channels = {"nowhere", "strange", "file"})
    private void misconfigured() throws IOException {
        throw new IOException("failure for nobody");
    }

    @Case
    void tells_the_log_where_a_channel_is_not_configured_or_faulty() {
        Expect.thrown(IOException.class, this::misconfigured);
        Events.only("failure for nobody");
    }

    @NotifyOnFailure
    private void usual() throws IOException {
        throw new IOException("usual failure");
    }

    @Case
    void tells_the_usual_channels_where_none_is_named() {
        Expect.thrown(IOException.class, this::usual);
        Events.only("usual failure");
    }

    @NotifyOnFailure(channels = "flood")
    private void flooded() throws IOException {
        throw new IOException("flooding failure");
    }

    @Case
    void tells_or_counts_all_of_a_flood() throws Exception {
        int all = 12_000;
        for (int i = 0; i < all; i++) {
            Expect.outcome(this::flooded);
        }
        long told = 0;
        while (told < all) {
            Thread.sleep(200);
            told = Events.toldOrDropped(Path.of(System.getProperty("it.events") + ".flood"));
        }
        Expect.equal((long) all, told);
    }

    @NotifyOnFailure(channels = "file")
    private void slow(String text) throws Exception {
        Thread.sleep(60);
        throw new IOException(text);
    }

    @Case
    void tells_how_long_a_call_took() {
        for (int i = 0; i < 3; i++) { // the first one goes another way
            String text = "slow failure " + i;
            Expect.thrown(IOException.class, () -> slow(text));
            long millis = Long.parseLong(Events.value(Events.only(text), "durationMillis"));
            Expect.that(millis >= 55 && millis < 5_000, "the duration is " + millis);
        }
    }

    @NotifyOnFailure(channels = "file")
    private static void severe(int depth) {
        if (depth == 0) {
            throw new OutOfMemoryError("severe failure");
        }
        if (depth > 0) {
            severe(depth - 1);
        } else {
            endless(1);
        }
    }

    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Case
    void tells_errors_of_the_jvm() {
        for (int i = 0; i < 3; i++) {
            Expect.thrown(OutOfMemoryError.class, () -> severe(0));
        }
        Events.exactly(3, "severe failure");
        Expect.thrown(StackOverflowError.class, () -> severe(-1));
        Events.only("\"failure\":\"java.lang.StackOverflowError\"");
    }

    /** Does what no exception should. */
    private static final class Hostile extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String way;

        Hostile(String way) {
            this.way = way;
        }

        @Override
        public String getMessage() {
            switch (way) {
                case "throws":
                    throw new IllegalStateException("no message");
                case "hangs":
                    while (true) {
                        java.util.concurrent.locks.LockSupport.park();
                    }
                case "recurses":
                    return getMessage() + way;
                default:
                    return "huge " + "x".repeat(50_000_000);
            }
        }

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("no equals");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("no hash code");
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }

    @NotifyOnFailure(channels = "file", arguments = true)
    private void hostile(String way) {
        throw new Hostile(way);
    }

    @Case
    void is_not_harmed_by_exceptions_that_do_what_none_should() {
        for (String way : List.of("throws", "recurses", "is huge", "hangs", "throws")) {
            long begun = System.nanoTime();
            Expect.thrown(Hostile.class, () -> hostile(way));
            Expect.that(System.nanoTime() - begun < 500_000_000, "the caller does not wait where it " + way);
        }
        Events.exactly(5, "Tellings$Hostile\",");
        Expect.thrown(IOException.class, () -> chosen(new IOException("failure after hostile ones")));
        Events.only("failure after hostile ones");
    }

    /** Of which no text can be made. */
    public static final class Mute {

        @Override
        public String toString() {
            while (true) {
                java.util.concurrent.locks.LockSupport.park();
            }
        }
    }

    @NotifyOnFailure(channels = "file", message = "{mute} of {failure.message}")
    private void muted(Mute mute) throws IOException {
        throw new IOException("muted failure");
    }

    @Case
    void does_not_wait_for_the_text_of_a_value() {
        long begun = System.nanoTime();
        Expect.thrown(IOException.class, () -> muted(new Mute()));
        Expect.that(System.nanoTime() - begun < 500_000_000, "the caller does not wait");
        Events.only("muted failure");
    }

    @NotifyOnFailure(channels = "file", arguments = true)
    private void locked(java.util.Collection<String> values) throws IOException {
        throw new IOException("failure with a collection");
    }

    @Case
    void does_not_wait_for_a_collection_that_somebody_locks() throws Exception {
        java.util.Collection<String> values = java.util.Collections.synchronizedList(List.of("one", "two"));
        java.util.concurrent.CountDownLatch done = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch holds = new java.util.concurrent.CountDownLatch(1);
        Thread holder = new Thread(() -> {
            synchronized (values) {
                holds.countDown();
                try {
                    done.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        holder.start();
        holds.await();
        Expect.thrown(IOException.class, () -> locked(values));
        done.countDown();
        Expect.contains("[\\\"one\\\", \\\"two\\\"]", Events.only("failure with a collection"));
    }

    /** As a user may write it. */
    @NotifyOnFailure(channels = "file", severity = Severity.WARNING)
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Watched {}

    @Watched
    private static final class Whole {

        void first() throws IOException {
            throw new IOException("first of a class");
        }

        @NotifyOnFailure(channels = "file", severity = Severity.CRITICAL)
        void second() throws IOException {
            throw new IOException("second of a class");
        }
    }

    @Case
    void takes_an_annotation_of_a_class_and_one_that_is_composed() {
        Expect.thrown(IOException.class, () -> new Whole().first());
        Expect.thrown(IOException.class, () -> new Whole().second());
        Expect.equal("WARNING", Events.value(Events.only("first of a class"), "severity"));
        Expect.equal("CRITICAL", Events.value(Events.only("second of a class"), "severity"));
    }
}
