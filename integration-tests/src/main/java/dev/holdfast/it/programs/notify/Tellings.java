package dev.holdfast.it.programs.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.Recover;
import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
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
    void tells_each_failure_of_an_object_that_is_thrown_again_and_again() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            Expect.thrown(SAME, this::throwsTheSame);
            Thread.sleep(20);
        }
        Events.exactly(3, "the same object");
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
}
