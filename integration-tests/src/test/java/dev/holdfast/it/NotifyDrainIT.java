package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import dev.holdfast.it.programs.notify.Draining;
import dev.holdfast.servers.RabbitServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All failures of a program whose broker is down, and comes back, are delivered or counted as dropped: so many as {@code -Dit.drain=100000} says.
 * It tells how long that takes.
 */
class NotifyDrainIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {5_000, 0})
    void delivers_or_counts_every_failure_when_the_broker_was_down(int perSecond) throws Exception {
        Integer all = Integer.getInteger("it.drain");
        assumeThat(all).as("it takes a minute, so it wants to be asked for").isNotNull();
        Optional<RabbitServer> found = RabbitServer.start();
        assumeThat(found).as("a RabbitMQ is installed").isPresent();
        try (RabbitServer broker = found.orElseThrow()) {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost("127.0.0.1");
            factory.setPort(broker.port());
            try (Connection connection = factory.newConnection()) {
                connection.createChannel().queueDeclare("events", true, false, false, null);
            }
            broker.sync();
            broker.killNode();
            Path failed = folder.resolve("failed");
            Path done = folder.resolve("done");
            CompletableFuture<Jvm.Run> program = CompletableFuture.supplyAsync(() -> Jvm.of(Jdk.running())
                    .options(
                            "-Dholdfast.journal=" + folder.resolve("journal"),
                            "-Dholdfast.application=draining",
                            "-Dholdfast.channel.queue=amqp://127.0.0.1:" + broker.port() + "/?routingKey=events")
                    .run(
                            Draining.class.getName(),
                            String.valueOf(all),
                            String.valueOf(perSecond),
                            failed.toString(),
                            done.toString()));
            await().atMost(Duration.ofMinutes(10)).until(() -> Files.exists(failed) || program.isDone());
            broker.restart();
            long begun = System.nanoTime();
            Set<String> told = new HashSet<>();
            Set<String> countIds = new HashSet<>();
            long dropped = 0;
            long first = 0;
            try (Connection connection = factory.newConnection()) {
                com.rabbitmq.client.Channel channel = connection.createChannel();
                BlockingQueue<Delivery> come = new LinkedBlockingQueue<>();
                channel.basicConsume("events", true, (tag, one) -> come.add(one), tag -> {});
                while (told.size() + dropped < all && !program.isDone()) {
                    Delivery one = come.poll(1, TimeUnit.SECONDS);
                    if (one == null) {
                        continue;
                    }
                    first = first == 0 ? System.nanoTime() : first;
                    String text = new String(one.getBody(), UTF_8);
                    String id = one.getProperties().getMessageId();
                    if (text.contains("dev.holdfast.events.dropped.v1")) {
                        dropped +=
                                countIds.add(id) ? Long.parseLong(text.replaceAll(".*\"dropped\":(\\d+).*", "$1")) : 0;
                    } else {
                        told.add(id);
                    }
                }
            }
            long end = System.nanoTime();
            Files.createFile(done);
            System.out.printf(
                    "of %d failures, %s a second: %d delivered, %d counted as dropped; all there %d ms after the broker was"
                            + " back, %d ms after the first%n",
                    all,
                    perSecond == 0 ? "as many as there can be" : String.valueOf(perSecond),
                    told.size(),
                    dropped,
                    (end - begun) / 1_000_000,
                    (end - first) / 1_000_000);
            program.get().succeeds();
            assertThat(told.size() + dropped).isEqualTo(all.longValue());
        }
    }
}
