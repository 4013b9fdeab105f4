package dev.holdfast.samples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.holdfast.servers.Ports;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A RabbitMQ of its own: no user, folder, port or cookie of one that is installed as a service. Not thread-safe. */
final class RabbitMq implements Broker {

    private static final String QUEUE = "orders";

    private final int port = Ports.free();
    private final int namesPort = Ports.free();
    private final Program names;
    private final Program server;
    private final List<String> read = new ArrayList<>();

    private RabbitMq(String executable, Path folder) throws IOException {
        // Erlang's table of names. The server would start one that outlives it.
        this.names = environment(new Program("epmd", folder.resolve("names"), List.of("epmd")), folder);
        this.server = environment(new Program("rabbitmq-server", folder, List.of(executable)), folder);
        Files.writeString(folder.resolve("plugins"), "[].\n");
        Files.writeString(folder.resolve("rabbitmq.conf"), "");
        Files.writeString(folder.resolve("rabbitmq-env.conf"), "");
    }

    private Program environment(Program program, Path folder) {
        Map.of(
                        "HOME", folder.toString(),
                        "ERL_EPMD_PORT", String.valueOf(namesPort),
                        "ERL_EPMD_ADDRESS", "127.0.0.1")
                .forEach(program::environment);
        Map.of(
                        "RABBITMQ_NODENAME", "shop@localhost",
                        "RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1",
                        "RABBITMQ_NODE_PORT", String.valueOf(port),
                        "RABBITMQ_DIST_PORT", String.valueOf(Ports.free()),
                        "RABBITMQ_MNESIA_BASE", folder.resolve("data").toString(),
                        "RABBITMQ_LOG_BASE", folder.resolve("log").toString(),
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                                folder.resolve("plugins").toString(),
                        "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString(),
                        "RABBITMQ_CONF_ENV_FILE",
                                folder.resolve("rabbitmq-env.conf").toString(),
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1 -kernel inet_dist_use_interface {127,0,0,1}")
                .forEach(program::environment);
        // The script then becomes the server, instead of waiting beside it.
        return program.environment("RUNNING_UNDER_SYSTEMD", "true")
                .environment("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
    }

    /** The script itself: what is on the PATH turns into the user of the service first. */
    static Optional<String> executable() {
        return Stream.concat(
                        Stream.of("/usr/lib/rabbitmq/bin", "/usr/local/lib/rabbitmq/bin"),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)))
                .map(folder -> new File(folder, "rabbitmq-server"))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }

    /** Begins to start one; it takes some seconds. */
    static RabbitMq start(String executable, Path folder) throws IOException {
        RabbitMq rabbit = new RabbitMq(executable, folder.toAbsolutePath());
        rabbit.names.start();
        rabbit.server.start();
        return rabbit;
    }

    @Override
    public String name() {
        return "RabbitMQ";
    }

    @Override
    public String channel() {
        return "amqp://guest:guest@127.0.0.1:" + port + "/?routingKey=" + QUEUE;
    }

    @Override
    public void awaitReady() throws IOException, InterruptedException {
        server.awaitReady(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
        } catch (TimeoutException failed) {
            throw new IOException(failed);
        }
    }

    private Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        return factory.newConnection();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void restart() throws IOException {
        server.start();
    }

    @Override
    public List<String> messages() throws IOException {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            GetResponse message = channel.basicGet(QUEUE, false);
            while (message != null) {
                read.add(new String(message.getBody(), UTF_8));
                channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                message = channel.basicGet(QUEUE, false);
            }
            return List.copyOf(read);
        } catch (TimeoutException failed) {
            throw new IOException(failed);
        }
    }

    @Override
    public void close() {
        server.close();
        names.close();
    }
}
