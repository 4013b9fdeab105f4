package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.VirtualTime;
import dev.holdfast.servers.Proxy;
import dev.holdfast.servers.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

@Timeout(60)
final class LineTest {

    private static final Script ECHO = Script.of("return ARGV[1]");
    private static final Script NOTHING = Script.of("return false");
    private static final Script WRONG = Script.of("return redis.error_reply('WRONG ' .. ARGV[1])");

    /** As this machine may be busy with other things. */
    private static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static Line line(int port, long timeoutNanos, Time time) {
        HostAndPort server = new HostAndPort("127.0.0.1", port);
        return JedisClients.line(server, RedisAddress.of("redis://" + server), timeoutNanos, time);
    }

    private static Object ask(Line line, Script script, String argument) {
        Object answer = line.ask(
                Protocol.Command.EVALSHA,
                script.sha1(),
                "1".getBytes(UTF_8),
                "k".getBytes(UTF_8),
                argument.getBytes(UTF_8));
        return answer instanceof byte[] text ? new String(text, UTF_8) : String.valueOf(answer);
    }

    private static void load(RedisServer server, Script... scripts) throws IOException {
        for (Script script : scripts) {
            assertThat(server.command("SCRIPT", "LOAD", new String(script.text(), UTF_8)))
                    .isNotNull();
        }
    }

    /** One thread for each. */
    private <T> List<Future<T>> all(int count, Callable<T> task) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(threads.submit(task));
        }
        return futures;
    }

    private static List<Throwable> failures(List<? extends Future<?>> futures) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        for (Future<?> future : futures) {
            try {
                failures.add(new AssertionError("an answer: " + future.get()));
            } catch (ExecutionException failed) {
                failures.add(failed.getCause());
            }
        }
        return failures;
    }

    @Test
    void each_of_many_threads_hears_what_it_has_asked_for() throws Exception {
        try (RedisServer server = RedisServer.start();
                Proxy proxy = Proxy.before(server.port())) {
            load(server, ECHO, NOTHING, WRONG);
            Line line = line(proxy.port(), TIMEOUT_NANOS * 20, Time.SYSTEM);
            List<Future<Integer>> all = all(24, () -> {
                int right = 0;
                for (int i = 0; i < 500; i++) {
                    String word = Thread.currentThread().getId() + "-" + i;
                    switch (i % 10) {
                        case 3 -> assertThat(ask(line, NOTHING, word)).isEqualTo("null");
                        case 6 ->
                            assertThatThrownBy(() -> ask(line, WRONG, word))
                                    .isExactlyInstanceOf(JedisDataException.class)
                                    .hasMessage("WRONG " + word);
                        case 9 ->
                            assertThatThrownBy(() -> ask(line, Script.of("return '" + word + "'"), word))
                                    .isInstanceOf(JedisNoScriptException.class);
                        default -> assertThat(ask(line, ECHO, word)).isEqualTo(word);
                    }
                    right++;
                }
                return right;
            });
            for (Future<Integer> one : all) {
                assertThat(one.get()).isEqualTo(500);
            }
            assertThat(proxy.accepted()).isOne();
            assertThat(line.isDown()).isFalse();
        }
    }

    @Test
    void where_nothing_comes_all_fail_and_one_tells_it_for_all() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            load(server, ECHO);
            Line line = line(server.port(), TIMEOUT_NANOS, Time.SYSTEM);
            server.pause();
            List<Throwable> failures = failures(all(6, () -> ask(line, ECHO, "a")));
            assertThat(failures).allMatch(JedisConnectionException.class::isInstance);
            assertThat(failures).allMatch(JedisSender::isTimeout);
            assertThat(failures)
                    .filteredOn(Line.OthersTellException.class::isInstance)
                    .hasSize(5);
            assertThat(line.isDown()).isTrue();
            assertThatThrownBy(() -> ask(line, ECHO, "a")).isInstanceOf(JedisConnectionException.class);
        }
    }

    /** The one who listens finds out; the others must not be left to wait for the time that a command may take. */
    @Test
    void where_the_server_goes_all_fail_at_once() throws Exception {
        try (Server server = new Server()) {
            Line line = line(server.port(), TimeUnit.HOURS.toNanos(1), Time.SYSTEM);
            List<Future<Object>> all = all(6, () -> ask(line, ECHO, "a"));
            server.awaitQuestions(6);
            server.hangUp();
            List<Throwable> failures = failures(all);
            assertThat(failures).allMatch(JedisConnectionException.class::isInstance);
            assertThat(failures).noneMatch(JedisSender::isTimeout);
            assertThat(line.isDown()).isTrue();
        }
    }

    @Test
    void who_hangs_up_leaves_nobody_waiting() throws Exception {
        try (Server server = new Server()) {
            Line line = line(server.port(), TimeUnit.HOURS.toNanos(1), Time.SYSTEM);
            List<Future<Object>> all = all(6, () -> ask(line, ECHO, "a"));
            server.awaitQuestions(6);
            line.hangUp();
            assertThat(failures(all)).allMatch(JedisConnectionException.class::isInstance);
            assertThatThrownBy(() -> ask(line, ECHO, "late")).isInstanceOf(JedisConnectionException.class);
        }
    }

    @Test
    void an_answer_to_who_has_given_up_is_nobody_elses() throws Exception {
        VirtualTime time = VirtualTime.turnedByHand();
        try (Server server = new Server()) {
            Line line = line(server.port(), TimeUnit.HOURS.toNanos(1), time);
            Future<Object> first = askAndListen(line, "a");
            Future<Object> second = threads.submit(() -> ask(line, ECHO, "b"));
            time.awaitSleepers(1);
            time.advance(TimeUnit.HOURS.toNanos(2));
            // Nothing has come, but it is not for him to tell.
            assertThatThrownBy(second::get).hasCauseInstanceOf(Line.OthersTellException.class);
            server.answer("for a");
            assertThat(first.get()).isEqualTo("for a");
            Future<Object> third = threads.submit(() -> ask(line, ECHO, "c"));
            server.awaitQuestions(3);
            server.answer("for b");
            server.answer("for c");
            assertThat(third.get()).isEqualTo("for c");
            assertThat(line.isDown()).isFalse();
        }
    }

    /** Returns once the thread that asks is the one that listens. */
    private Future<Object> askAndListen(Line line, String argument) {
        return askAndListen(() -> ask(line, ECHO, argument));
    }

    private Future<Object> askAndListen(Callable<Object> asks) {
        Thread[] asker = new Thread[1];
        Future<Object> answer = threads.submit(() -> {
            asker[0] = Thread.currentThread();
            return asks.call();
        });
        await().until(() -> asker[0] != null
                && Arrays.stream(asker[0].getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("nextAnswer")));
        return answer;
    }

    @Test
    void who_is_interrupted_waits_on_and_keeps_the_flag() throws Exception {
        try (Server server = new Server()) {
            Line line = line(server.port(), TimeUnit.HOURS.toNanos(1), Time.SYSTEM);
            Future<Object> listens = askAndListen(line, "a");
            CountDownLatch begun = new CountDownLatch(1);
            Thread[] waiting = new Thread[1];
            Future<Boolean> waits = threads.submit(() -> {
                waiting[0] = Thread.currentThread();
                begun.countDown();
                assertThat(ask(line, ECHO, "b")).isEqualTo("for b");
                return Thread.interrupted();
            });
            begun.await();
            waiting[0].interrupt();
            server.awaitQuestions(2);
            server.answer("for a");
            server.answer("for b");
            assertThat(listens.get()).isEqualTo("for a");
            assertThat(waits.get()).isTrue();
        }
    }

    /** As it is with virtual threads, where the JDK closes what is read from. */
    @Test
    void who_is_interrupted_and_cuts_off_the_others_is_told_from_a_server_that_goes() throws Exception {
        try (Server server = new Server()) {
            Line line = line(server.port(), TimeUnit.HOURS.toNanos(1), Time.SYSTEM);
            Future<Object> listens = askAndListen(() -> {
                Thread.currentThread().interrupt();
                return ask(line, ECHO, "a");
            });
            Future<Object> waits = threads.submit(() -> ask(line, ECHO, "b"));
            server.awaitQuestions(2);
            server.hangUp();
            assertThat(failures(List.of(listens, waits)))
                    .allSatisfy(failed -> assertThat(JedisSender.isInterruptOfAnother((JedisException) failed))
                            .isTrue());
        }
    }

    /** Takes one connection, and answers when it is told to. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private volatile int questions;
        private volatile Socket client = new Socket();

        Server() throws IOException {
            Thread thread = new Thread(this::take, "server");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        private void take() {
            try {
                client = socket.accept();
                BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
                int count = 0;
                for (String word = in.readLine(); word != null; word = in.readLine()) {
                    if (word.equals("HELLO")) {
                        write("*2\r\n+proto\r\n:2");
                    } else if (word.equals("EVALSHA")) {
                        questions = ++count;
                    }
                }
            } catch (IOException ended) {
                // as its client sees it
            }
        }

        /** Since the beginning. */
        void awaitQuestions(int count) {
            await().until(() -> questions >= count);
        }

        void answer(String text) throws IOException {
            write("+" + text);
        }

        private void write(String line) throws IOException {
            client.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
        }

        void hangUp() throws IOException {
            client.close();
        }

        @Override
        public void close() throws IOException {
            client.close();
            socket.close();
        }
    }
}
