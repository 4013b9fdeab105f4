package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.holdfast.servers.RabbitServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a real RabbitMQ, where one is installed: what it does otherwise than the broker of {@link AmqpChannelTest}. */
@Timeout(180)
class RabbitChannelTest {

    private static Optional<RabbitServer> server = Optional.empty();

    @BeforeAll
    static void start() {
        server = RabbitServer.start();
        if (server.isEmpty()) {
            System.out.println("no RabbitMQ is installed, so these tests are skipped");
        }
        assumeThat(server).as("a RabbitMQ is installed").isPresent();
    }

    @AfterAll
    static void stop() {
        server.ifPresent(RabbitServer::close);
    }

    private static RabbitServer server() {
        return server.orElseThrow();
    }

    private static Channel open(String query) {
        return Channels.open("amqp://guest:guest@127.0.0.1:" + server().port() + "/?" + query);
    }

    private static Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(server().port());
        return factory.newConnection();
    }

    private static void declare(String queue) throws Exception {
        try (Connection connection = connect();
                com.rabbitmq.client.Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, null);
        }
    }

    private static List<String> take(String queue) throws Exception {
        List<String> ids = new ArrayList<>();
        try (Connection connection = connect();
                com.rabbitmq.client.Channel channel = connection.createChannel()) {
            for (GetResponse one = channel.basicGet(queue, true); one != null; one = channel.basicGet(queue, true)) {
                assertThat(new String(one.getBody(), UTF_8))
                        .contains(one.getProps().getMessageId());
                ids.add(one.getProps().getMessageId());
            }
        }
        return ids;
    }

    private static List<Letter> letters(int from, int to) {
        List<Letter> letters = new ArrayList<>();
        for (int i = from; i < to; i++) {
            letters.add(Channels.letter(i));
        }
        return letters;
    }

    private static List<String> ids(List<Letter> letters) {
        return letters.stream().map(Letter::id).toList();
    }

    @Test
    void publishes_in_order_and_has_it_confirmed() throws Exception {
        declare("ordered");
        Channel channel = open("routingKey=ordered");
        channel.send(letters(0, 128));
        channel.send(letters(128, 200));
        assertThat(take("ordered")).isEqualTo(ids(letters(0, 200)));
        channel.close();
    }

    @Test
    void does_not_take_for_delivered_what_comes_back_and_is_confirmed_all_the_same() throws Exception {
        Channel channel = open("routingKey=late");
        UndeliveredException refused =
                catchThrowableOfType(UndeliveredException.class, () -> channel.send(letters(0, 3)));
        assertThat(refused).hasMessageContaining("NO_ROUTE");
        assertThat(refused.delivered()).isZero();
        assertThat(refused.isForGood()).isFalse();
        declare("late");
        channel.send(letters(0, 3));
        assertThat(take("late")).isEqualTo(ids(letters(0, 3)));
        channel.close();
    }

    private static CompletableFuture<Void> sending(Channel channel, List<Letter> letters) {
        return CompletableFuture.runAsync(() -> {
            try {
                channel.send(letters);
            } catch (IOException failed) {
                throw new java.util.concurrent.CompletionException(failed);
            }
        });
    }

    @Test
    void waits_while_the_broker_blocks_publishers_and_can_be_ended_meanwhile() throws Exception {
        declare("blocked");
        Channel channel = open("routingKey=blocked");
        channel.send(letters(0, 1));
        server().control("set_vm_memory_high_watermark", "0.0000001");
        try {
            CompletableFuture<Void> waits = sending(channel, letters(1, 5));
            assertThatThrownBy(() -> waits.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            server().control("set_vm_memory_high_watermark", "0.8");
            waits.get(30, TimeUnit.SECONDS);
            assertThat(take("blocked")).isEqualTo(ids(letters(0, 5)));

            server().control("set_vm_memory_high_watermark", "0.0000001");
            CompletableFuture<Void> hangs = sending(channel, letters(5, 9));
            assertThatThrownBy(() -> hangs.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            long begun = System.nanoTime();
            channel.close();
            assertThatThrownBy(() -> hangs.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
            assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
        } finally {
            server().control("set_vm_memory_high_watermark", "0.8");
        }
        channel.send(letters(5, 9));
        assertThat(new HashSet<>(take("blocked"))).isEqualTo(new HashSet<>(ids(letters(5, 9))));
        channel.close();
    }

    @Test
    void loses_nothing_when_the_broker_is_killed_and_comes_back() throws Exception {
        declare("killed");
        server().sync();
        Channel channel = open("routingKey=killed");
        Set<String> confirmed = new HashSet<>();
        CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(() -> {
            int next = 0;
            try {
                while (true) {
                    List<Letter> batch = letters(next, next + 64);
                    channel.send(batch);
                    confirmed.addAll(ids(batch));
                    next += 64;
                }
            } catch (IOException killed) {
                return next;
            }
        });
        TimeUnit.MILLISECONDS.sleep(300); // so that the kill comes amid it
        server().killNode();
        int next = sent.get(60, TimeUnit.SECONDS);
        assertThat(confirmed).isNotEmpty();
        assertThatThrownBy(() -> channel.send(letters(next, next + 64))).isInstanceOf(IOException.class);

        server().restart();
        channel.send(letters(next, next + 64));
        confirmed.addAll(ids(letters(next, next + 64)));
        assertThat(take("killed")).containsAll(confirmed);
        channel.close();
    }
}
