package dev.holdfast.it.programs.ratelimit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Algorithm;
import dev.holdfast.InvalidPolicyException;
import dev.holdfast.RateLimited;
import dev.holdfast.RateLimitedException;
import dev.holdfast.Recover;
import dev.holdfast.Scope;
import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Workers;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Limits of one JVM, in real time. Each case has methods of its own, as permits once taken are gone. */
public final class Limits {

    static final class Plain {

        final AtomicInteger calls = new AtomicInteger();

        @RateLimited(permits = 3, per = "1h")
        int count() {
            return calls.incrementAndGet();
        }

        @RateLimited(permits = 100, per = "1h")
        void many() {
            calls.incrementAndGet();
        }

        @RateLimited(permits = 2, per = "1h", key = "{user}")
        int of(String user) {
            return calls.incrementAndGet();
        }

        @RateLimited(permits = 1, per = "300ms")
        int soon() {
            return calls.incrementAndGet();
        }
    }

    private static RateLimitedException refused(Action call) {
        return Expect.thrown(RateLimitedException.class, call);
    }

    @Case
    void a_call_too_many_is_refused_before_its_body() throws Throwable {
        Plain plain = new Plain();
        for (int i = 1; i <= 3; i++) {
            Expect.equal(i, plain.count());
        }
        RateLimitedException refused = refused(plain::count);
        Expect.equal(3, plain.calls.get());
        Expect.equal("dev.holdfast.it.programs.ratelimit.Limits$Plain.count", refused.limit());
        Expect.contains("Plain.count()", refused.getMessage());
        Expect.contains("@RateLimited allows 3 per 1h", refused.getMessage());
        Expect.contains("; try again in ", refused.getMessage());
        Duration retryAfter = refused.retryAfter().orElseThrow();
        Expect.between(Duration.ofMinutes(19).toMillis(), Duration.ofMinutes(20).toMillis(), retryAfter.toMillis());
    }

    @Case
    void sixteen_threads_get_exactly_what_there_is() throws Throwable {
        Plain plain = new Plain();
        AtomicInteger refused = new AtomicInteger();
        Workers.start(16, () -> {
                    for (int i = 0; i < 50; i++) {
                        if (Expect.outcome(plain::many) instanceof RateLimitedException) {
                            refused.incrementAndGet();
                        }
                    }
                })
                .join();
        Expect.equal(100, plain.calls.get());
        Expect.equal(700, refused.get());
    }

    @Case
    void each_value_of_the_key_has_a_limit_of_its_own() {
        Plain plain = new Plain();
        plain.of("a");
        plain.of("a");
        plain.of("b");
        RateLimitedException refused = refused(() -> plain.of("a"));
        Expect.contains("for each {user}", refused.getMessage());
        plain.of("b");
        plain.of(null);
        plain.of("null");
        refused(() -> plain.of(null));
        Expect.equal(6, plain.calls.get());
    }

    @Case
    void who_waits_as_long_as_told_gets_in_and_who_does_not_does_not() {
        Plain plain = new Plain();
        plain.soon();
        long retryAfter = refused(plain::soon).retryAfter().orElseThrow().toNanos();
        long told = System.nanoTime();
        Expect.between(1, 300_000_000, retryAfter);
        pauseUntil(told + retryAfter - 60_000_000);
        if (System.nanoTime() - told < retryAfter - 10_000_000) {
            refused(plain::soon);
        }
        pauseUntil(told + retryAfter);
        Expect.equal(2, plain.soon());
    }

    private static void pauseUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    record User(String id) {}

    record Batch(int size) {}

    static final class Costs {

        final AtomicInteger calls = new AtomicInteger();

        @RateLimited(permits = 10, per = "1h", cost = "{batch.size}")
        void send(Batch batch) {
            calls.incrementAndGet();
        }

        @RateLimited(permits = 10, per = "1h", cost = "{batch.size}")
        void sendOdd(Batch batch) {
            calls.incrementAndGet();
        }

        @RateLimited(permits = 5, per = "1h", key = "{user.id}:{#1}", cost = "2")
        void search(User user, String text) {
            calls.incrementAndGet();
        }
    }

    @Case
    void a_call_takes_what_it_costs_or_nothing() {
        Costs costs = new Costs();
        costs.send(new Batch(7));
        refused(() -> costs.send(new Batch(4)));
        costs.send(new Batch(3));
        refused(() -> costs.send(new Batch(1)));
        costs.search(new User("u"), "x");
        costs.search(new User("u"), "x");
        refused(() -> costs.search(new User("u"), "x"));
        costs.search(new User("u"), "y");
        Expect.equal(5, costs.calls.get());
    }

    @Case
    void a_cost_that_cannot_be_is_an_error_of_that_call() {
        Costs costs = new Costs();
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            IllegalArgumentException wrong =
                    Expect.thrown(IllegalArgumentException.class, () -> costs.sendOdd(new Batch(size)));
            Expect.contains(
                    "Costs.sendOdd(Batch): @RateLimited cost \"{batch.size}\" must be 1 or more, was " + size,
                    wrong.getMessage());
        }
        Expect.contains(
                "must be at most permits, 10, was 11",
                Expect.thrown(IllegalArgumentException.class, () -> costs.sendOdd(new Batch(11)))
                        .getMessage());
        Expect.thrown(IllegalArgumentException.class, () -> costs.sendOdd(null));
        costs.sendOdd(new Batch(10));
        Expect.equal(1, costs.calls.get());
    }

    static final class Several {

        final AtomicInteger calls = new AtomicInteger();

        @RateLimited(permits = 2, per = "1h", key = "{user}")
        @RateLimited(permits = 3, per = "1h", name = "all of them")
        void call(String user) {
            calls.incrementAndGet();
        }

        @RateLimited(permits = 3, per = "1h", name = "all of them")
        void other() {
            calls.incrementAndGet();
        }
    }

    @Case
    void several_limits_give_all_or_nothing_and_a_name_is_shared() {
        Several several = new Several();
        several.call("a");
        several.call("a");
        Expect.equal(
                "dev.holdfast.it.programs.ratelimit.Limits$Several.call",
                refused(() -> several.call("a")).limit());
        refused(() -> several.call("a")); // and took nothing of what all share
        several.call("b");
        RateLimitedException refused = refused(() -> several.call("c"));
        Expect.equal("all of them", refused.limit());
        Expect.equal("all of them", refused(several::other).limit());
        Expect.equal(3, several.calls.get());
    }

    static final class Waits {

        final List<Long> begun = Collections.synchronizedList(new ArrayList<>());
        final List<String> order = Collections.synchronizedList(new ArrayList<>());

        @RateLimited(permits = 20, per = "1s", algorithm = Algorithm.LEAKY_BUCKET, maxWait = "2s")
        void evenly() {
            begun.add(System.nanoTime());
        }

        @RateLimited(permits = 10, per = "1s", burst = 1, maxWait = "5s")
        void next(String name) {
            order.add(name);
        }

        @RateLimited(permits = 5, per = "1s", burst = 1, maxWait = "150ms")
        void impatient() {}

        @RateLimited(permits = 1, per = "2s", maxWait = "1m")
        void hour() {}

        @RateLimited(permits = 10, per = "1s", burst = 1, maxWait = "5s")
        CompletionStage<String> later(String name) {
            order.add(name);
            begun.add(System.nanoTime());
            return CompletableFuture.completedFuture(name);
        }
    }

    @Case
    void a_leaky_bucket_spaces_the_calls_evenly() throws Throwable {
        Waits waits = new Waits();
        waits.evenly(); // the first call of a method has much to load before its body
        waits.begun.clear();
        Workers.start(11, waits::evenly).join();
        Long[] begun = waits.begun.toArray(new Long[0]);
        Arrays.sort(begun);
        Expect.equal(11, begun.length);
        int close = 0;
        for (int i = 1; i < begun.length; i++) {
            close += begun[i] - begun[i - 1] < 45_000_000 ? 1 : 0;
        }
        // A thread that has got its permit may be put aside by a busy machine before its body begins.
        Expect.between(0, 3, close);
        Expect.between(450_000_000, 20_000_000_000L, begun[10] - begun[0]);
    }

    @Case
    void who_came_first_goes_first() throws Throwable {
        Waits waits = new Waits();
        waits.next("0");
        List<Workers> all = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            String name = String.valueOf(i);
            Thread[] own = new Thread[1];
            all.add(Workers.start(1, () -> {
                own[0] = Thread.currentThread();
                waits.next(name);
            }));
            Expect.eventually(() -> own[0] != null && own[0].getState() == Thread.State.TIMED_WAITING);
        }
        for (Workers one : all) {
            one.join();
        }
        Expect.equal(Arrays.asList("0", "1", "2", "3", "4", "5"), waits.order);
    }

    @Case
    void who_cannot_be_served_in_time_is_refused_at_once() {
        Waits waits = new Waits();
        waits.impatient();
        long before = System.nanoTime();
        RateLimitedException refused = refused(waits::impatient);
        Expect.between(0, 100_000_000, System.nanoTime() - before);
        Expect.between(1, 50_000_000, refused.retryAfter().orElseThrow().toNanos());
        pauseUntil(System.nanoTime() + refused.retryAfter().orElseThrow().toNanos());
        waits.impatient();
    }

    @Case
    void an_interrupted_wait_takes_nothing_and_those_behind_move_up() throws Throwable {
        Waits waits = new Waits();
        waits.hour();
        AtomicInteger interrupted = new AtomicInteger();
        Thread[] own = new Thread[1];
        Workers first = Workers.start(1, () -> {
            own[0] = Thread.currentThread();
            RateLimitedException refused = refused(waits::hour);
            Expect.contains("interrupted", refused.getMessage());
            Expect.that(Thread.currentThread().isInterrupted(), "the flag is set");
            Expect.that(refused.retryAfter().isPresent(), "there is a time");
            interrupted.incrementAndGet();
        });
        Expect.eventually(() -> own[0] != null && own[0].getState() == Thread.State.TIMED_WAITING);
        long before = System.nanoTime();
        Workers second = Workers.start(1, waits::hour);
        first.interrupt();
        first.join();
        Expect.equal(1, interrupted.get());
        second.join();
        Expect.between(0, 2_500_000_000L, System.nanoTime() - before);
    }

    @Case
    void a_stage_waits_without_a_thread() {
        Waits waits = new Waits();
        List<CompletableFuture<String>> stages = new ArrayList<>();
        long before = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            stages.add(waits.later(String.valueOf(i)).toCompletableFuture());
        }
        Expect.between(0, 400_000_000, System.nanoTime() - before);
        CompletableFuture<String> cancelled = stages.remove(2);
        Expect.that(cancelled.cancel(true), "it can be cancelled");
        stages.forEach(CompletableFuture::join);
        Expect.equal(Arrays.asList("0", "1", "3", "4", "5"), waits.order);
        Expect.between(380_000_000, 2_000_000_000, waits.begun.get(4) - waits.begun.get(0));
    }

    static final class Crossed {

        @RateLimited(permits = 300, per = "1s", burst = 1, name = "crossed a", maxWait = "20s")
        @RateLimited(permits = 200, per = "1s", burst = 1, name = "crossed b", maxWait = "20s")
        static void there() {}

        @RateLimited(permits = 200, per = "1s", burst = 1, name = "crossed b", maxWait = "20s")
        @RateLimited(permits = 300, per = "1s", burst = 1, name = "crossed a", maxWait = "20s")
        static void back() {}
    }

    @Case
    void calls_that_wait_for_each_others_limits_do_not_hold_each_other_up() throws Throwable {
        long before = System.nanoTime();
        Workers.start(8, () -> {
                    for (int i = 0; i < 5; i++) {
                        Crossed.there();
                        Crossed.back();
                    }
                })
                .join();
        Expect.between(380_000_000, 10_000_000_000L, System.nanoTime() - before);
    }

    static final class Stages {

        @RateLimited(permits = 1, per = "1h")
        static CompletionStage<String> now() {
            return CompletableFuture.completedFuture("x");
        }
    }

    @Case
    void a_stage_that_is_refused_completes_with_that() {
        Expect.equal("x", Stages.now().toCompletableFuture().join());
        CompletableFuture<String> refused = Stages.now().toCompletableFuture();
        Throwable why = Expect.thrown(CompletionException.class, refused::join).getCause();
        Expect.that(why instanceof RateLimitedException, "it is refused, not " + why);
    }

    static final class WithRetry {

        static final AtomicInteger BODIES = new AtomicInteger();

        @RateLimited(permits = 2, per = "1h")
        @Recover(on = IOException.class, attempts = 3, delay = "1ms", fallback = "other")
        static String fails() throws IOException {
            BODIES.incrementAndGet();
            throw new IOException("down");
        }

        static String other(IOException failure) {
            return "other";
        }
    }

    @Case
    void a_call_takes_one_permit_however_many_attempts_it_makes() throws Throwable {
        Expect.equal("other", WithRetry.fails());
        Expect.equal("other", WithRetry.fails());
        Expect.equal(6, WithRetry.BODIES.get());
        refused(WithRetry::fails);
        Expect.equal(6, WithRetry.BODIES.get());
    }

    static final class Recovered {

        @RateLimited(permits = 1, per = "1h")
        @Recover(fallback = "busy")
        static String quote(String id) {
            return id;
        }

        static String busy(String id, RateLimitedException refused) {
            return "busy " + refused.limit();
        }
    }

    @Case
    void a_fallback_takes_the_place_of_a_refused_call() {
        Expect.equal("a", Recovered.quote("a"));
        Expect.equal("busy dev.holdfast.it.programs.ratelimit.Limits$Recovered.quote", Recovered.quote("b"));
    }

    static final class Windows {

        @RateLimited(permits = 3, per = "500ms", algorithm = Algorithm.FIXED_WINDOW)
        static void fixed() {}

        @RateLimited(permits = 3, per = "500ms", algorithm = Algorithm.SLIDING_WINDOW)
        static void sliding() {}
    }

    @Case
    void a_fixed_window_ends_where_the_clock_says() {
        int most = 0;
        long window = 0;
        int inWindow = 0;
        long end = System.currentTimeMillis() + 1_600;
        while (System.currentTimeMillis() < end) {
            long before = System.currentTimeMillis() / 500;
            boolean in = Expect.outcome(Windows::fixed) == null;
            if (in && before == System.currentTimeMillis() / 500) {
                inWindow = before == window ? inWindow + 1 : 1;
                window = before;
                most = Math.max(most, inWindow);
            }
            LockSupport.parkNanos(1_000_000);
        }
        Expect.equal(3, most);
    }

    @Case
    void a_sliding_window_lets_in_no_more_than_that() {
        int in = 0;
        for (int i = 0; i < 20; i++) {
            in += Expect.outcome(Windows::sliding) == null ? 1 : 0;
        }
        Expect.equal(3, in);
    }

    static final class Invalid {

        @RateLimited(permits = 0)
        static void nothing() {}

        @RateLimited(permits = 5, burst = 10, algorithm = Algorithm.LEAKY_BUCKET, key = "{nobody}", cost = "7")
        static void much(String user) {}

        @RateLimited(permits = Long.MAX_VALUE, per = "1d")
        static void huge() {}

        @RateLimited(permits = 5, cost = "{user}")
        static void typed(String user) {}
    }

    private static String invalid(Action call) {
        return Expect.thrown(InvalidPolicyException.class, call).getMessage();
    }

    @Case
    void what_cannot_be_meant_is_an_invalid_definition() {
        Expect.contains("Invalid.nothing(): @RateLimited permits must be 1 or more, was 0", invalid(Invalid::nothing));
        String much = invalid(() -> Invalid.much("u"));
        Expect.contains("@RateLimited burst = 10 has no meaning for LEAKY_BUCKET", much);
        Expect.contains("@RateLimited key \"{nobody}\": there is no parameter nobody; expected: user", much);
        Expect.contains("@RateLimited cost must be at most permits, 5, was 7", much);
        Expect.contains("too large to be counted exactly", invalid(Invalid::huge));
        Expect.contains("@RateLimited cost \"{user}\" yields java.lang.String", invalid(() -> Invalid.typed("u")));
    }

    @Retention(RetentionPolicy.RUNTIME)
    @RateLimited(permits = 2, per = "1h")
    @interface Twice {}

    @RateLimited(permits = 1, per = "1h", key = "{method}")
    static class Whole {

        void one() {}

        void two() {}

        @RateLimited(permits = 2, per = "1h")
        void three() {}

        @Twice
        static synchronized void four() {}

        void five() {
            two(); // also from within
        }
    }

    @Case
    void a_class_means_each_of_its_methods_and_an_annotation_may_be_composed() {
        Whole whole = new Whole();
        whole.one();
        whole.two();
        refused(whole::one);
        Expect.equal(
                "dev.holdfast.it.programs.ratelimit.Limits$Whole.two",
                refused(whole::five).limit());
        whole.three();
        whole.three();
        refused(whole::three);
        Whole.four();
        Whole.four();
        refused(Whole::four);
    }

    static final class Served implements HttpHandler {

        @RateLimited(permits = 1, per = "90s", key = "{exchange.requestURI.path}")
        @Recover
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        }
    }

    @Case
    void a_client_is_told_when_to_come_again() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", new Served());
        server.start();
        try {
            HttpClient client = HttpClient.newHttpClient();
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/a");
            Expect.equal(
                    204,
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .statusCode());
            HttpResponse<String> refused =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            Expect.equal(429, refused.statusCode());
            Expect.equal("{\"error\":\"Too Many Requests\"}", refused.body());
            Expect.equal("90", refused.headers().firstValue("Retry-After").orElse("none"));
            Expect.equal(
                    204,
                    client.send(HttpRequest.newBuilder(uri.resolve("/b")).build(), BodyHandlers.ofString())
                            .statusCode());
        } finally {
            server.stop(0);
        }
    }

    static final class Cluster {

        @RateLimited(permits = 5, scope = Scope.CLUSTER)
        static void everywhere() {}
    }

    @Case
    void a_cluster_without_a_redis_is_an_invalid_definition() {
        Expect.contains(
                "Cluster.everywhere(): @RateLimited scope CLUSTER needs a Redis, and there is no holdfast.redis; expected: -Dholdfast.redis=",
                invalid(Cluster::everywhere));
    }

    static final class Deep {

        @RateLimited(permits = 1_000_000_000, per = "1h")
        static int down(int depth) {
            return depth == 0 ? 0 : down(depth - 1) + 1;
        }
    }

    @Case
    void a_stack_that_ends_leaves_nothing_locked() throws Throwable {
        for (int i = 0; i < 20; i++) {
            Expect.thrown(StackOverflowError.class, () -> Deep.down(Integer.MAX_VALUE));
        }
        Workers.start(2, () -> Deep.down(100)).join();
    }
}
