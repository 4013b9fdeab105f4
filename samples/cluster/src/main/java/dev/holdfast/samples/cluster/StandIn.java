package dev.holdfast.samples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.servers.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;

/** For machines without RabbitMQ: a process that takes messages as nsqd does over HTTP, and appends them to a file. */
final class StandIn implements Broker {

    private final int port = Ports.free();
    private final Program program;
    private final Path file;

    private StandIn(Path folder) throws IOException {
        this.file = folder.resolve("messages.jsonl");
        this.program = new Program(
                "the stand-in for a broker",
                folder,
                Java.command(List.of("-Xmx32m"), StandIn.class, String.valueOf(port), file.toString()));
    }

    static StandIn start(Path folder) throws IOException {
        StandIn broker = new StandIn(folder.toAbsolutePath());
        broker.program.start();
        return broker;
    }

    /** The process: {@code <port> <file>}. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        HttpServer http = HttpServer.create(address, 0);
        http.setExecutor(Executors.newFixedThreadPool(4));
        http.createContext("/pub", exchange -> take(exchange, file));
        http.start();
        System.out.println("http://127.0.0.1:" + arguments[0]);
    }

    private static void take(HttpExchange exchange, Path file) throws IOException {
        try (exchange) {
            String message = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Files.writeString(file, message + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("OK".getBytes(UTF_8));
        }
    }

    @Override
    public String name() {
        return "a stand-in for nsqd";
    }

    @Override
    public String channel() {
        return "nsq://127.0.0.1:" + port + "/orders";
    }

    @Override
    public void kill() {
        program.kill();
    }

    @Override
    public void restart() throws IOException {
        program.start();
    }

    @Override
    public void awaitReady() throws IOException, InterruptedException {
        program.awaitReady(() -> Java.saysAddress(program));
    }

    @Override
    public List<String> messages() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Override
    public void close() {
        program.close();
    }
}
