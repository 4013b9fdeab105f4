package dev.holdfast.samples.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Everything that a shop of three nodes needs, running. Not thread-safe, but for what it says of its parts. */
final class Stage implements AutoCloseable {

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Redis redis;
    private final Broker broker;
    private final URI bank;
    private final List<Node> nodes = new ArrayList<>();
    private final Nginx nginx;

    /**
     * Starts it all, and returns once it is there.
     *
     * @param told what is started, as it is
     */
    Stage(Settings settings, Consumer<String> told) throws IOException, InterruptedException {
        boolean up = false;
        try {
            Path work = Files.createDirectories(settings.work().toAbsolutePath());
            // It takes longest, so it begins.
            broker = settings.rabbitMq().isEmpty()
                    ? StandIn.start(work.resolve("broker"))
                    : RabbitMq.start(settings.rabbitMq(), work.resolve("broker"));
            started.push(broker);
            redis = Redis.start(settings.redis());
            started.push(redis);
            told.accept("Redis     " + redis.url());
            Program provider =
                    new Program("bank", work.resolve("bank"), Java.command(List.of("-Xmx32m"), FlakyBank.class));
            started.push(provider);
            provider.start();
            provider.awaitReady(() -> Java.saysAddress(provider));
            bank = URI.create(Files.readAllLines(provider.out()).get(0));
            told.accept("bank      " + bank + ", of another company, and flaky");
            for (int number = 0; number < Settings.NODES; number++) {
                Node node = Node.of(number, settings, work, bank, redis.url(), broker.channel());
                nodes.add(node);
                started.push(node);
                node.start();
            }
            for (Node node : nodes) {
                node.awaitReady();
                told.accept(node.name() + "    http://127.0.0.1:" + node.port());
            }
            broker.awaitReady();
            told.accept("queue     " + broker.channel() + ", " + broker.name());
            nginx = Nginx.start(
                    work.resolve("nginx"),
                    settings.port(),
                    settings.balance(),
                    nodes.stream().map(Node::port).toList());
            started.push(nginx);
            told.accept("Nginx     " + address() + ", " + settings.balance());
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
    }

    /** Where users go. */
    URI address() {
        return URI.create("http://127.0.0.1:" + nginx.port());
    }

    Redis redis() {
        return redis;
    }

    Broker broker() {
        return broker;
    }

    Nginx nginx() {
        return nginx;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** See {@link FlakyBank}. */
    void turnBank(String position) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(bank.resolve("/switch"))
                .PUT(BodyPublishers.ofString(position))
                .build();
        if (client.send(request, BodyHandlers.discarding()).statusCode() != 200) {
            throw new IOException("the bank's switch does not turn to " + position);
        }
    }

    /** The orders that the bank has taken money for, and how much. */
    Map<String, String> payments() throws IOException, InterruptedException {
        String lines = client.send(
                        HttpRequest.newBuilder(bank.resolve("/payments")).build(), BodyHandlers.ofString())
                .body();
        Map<String, String> payments = new TreeMap<>();
        lines.lines().map(line -> line.split(" ", 2)).forEach(words -> payments.put(words[0], words[1]));
        return payments;
    }

    /** Ends it all, the last first. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception left) {
                System.err.println("could not be ended: " + left);
            }
        }
    }
}
