package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.holdfast.servers.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.model.BrokerModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a broker that speaks the same protocol as RabbitMQ, publisher confirms and returned messages included. */
@Timeout(60)
class AmqpChannelTest {

    @TempDir
    static Path folder;

    private static final SystemLauncher LAUNCHER = new SystemLauncher();
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        port = Ports.free();
        String configuration = """
                {"name": "broker", "modelVersion": "%s",
                 "authenticationproviders": [{"name": "plain", "type": "Plain", "secureOnlyMechanisms": [],
                   "users": [{"name": "guest", "type": "managed", "password": "guest"}]}],
                 "ports": [{"name": "amqp", "port": "%d", "bindingAddress": "127.0.0.1",
                   "authenticationProvider": "plain", "protocols": ["AMQP_0_9_1"],
                   "virtualhostaliases": [{"name": "nameAlias", "type": "nameAlias"}]}],
                 "virtualhostnodes": [{"name": "default", "type": "Memory", "defaultVirtualHostNode": "true",
                   "virtualHostInitialConfiguration": "{\\"type\\": \\"Memory\\"}"}]}
                """.formatted(BrokerModel.MODEL_VERSION, port);
        Path file = Files.writeString(folder.resolve("broker.json"), configuration);
        LAUNCHER.startup(Map.of(
                "type",
                "Memory",
                "initialConfigurationLocation",
                file.toString(),
                "startupLoggedToSystemOut",
                "false",
                "context",
                Map.of("qpid.work_dir", folder.toString())));
    }

    @AfterAll
    static void stop() {
        LAUNCHER.shutdown();
    }

    private static String at(String query) {
        return "amqp://guest:guest@127.0.0.1:" + port + "/default?" + query;
    }

    private static Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(port);
        factory.setVirtualHost("default");
        return factory.newConnection();
    }

    private static List<String> take(String queue) throws Exception {
        List<String> texts = new ArrayList<>();
        try (Connection connection = connect();
                com.rabbitmq.client.Channel channel = connection.createChannel()) {
            for (GetResponse one = channel.basicGet(queue, true); one != null; one = channel.basicGet(queue, true)) {
                assertThat(one.getProps().getDeliveryMode()).isEqualTo(2);
                assertThat(one.getProps().getContentType()).isEqualTo("application/cloudevents+json");
                texts.add(one.getProps().getMessageId() + " " + new String(one.getBody(), UTF_8));
            }
        }
        return texts;
    }

    private static void declare(String queue) throws Exception {
        try (Connection connection = connect();
                com.rabbitmq.client.Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, null);
        }
    }

    private static List<Letter> letters(int count) {
        List<Letter> letters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            letters.add(Channels.letter(i));
        }
        return letters;
    }

    @Test
    void publishes_in_order_and_has_it_confirmed() throws Exception {
        declare("ordered");
        Channel channel = Channels.open(at("routingKey=ordered"));
        channel.send(letters(channel.most()));
        channel.send(letters(2));
        List<String> taken = take("ordered");
        assertThat(taken)
                .hasSize(channel.most() + 2)
                .contains("id-0 " + Channels.letter(0).text());
        assertThat(taken.get(channel.most() - 1)).startsWith("id-" + (channel.most() - 1) + " ");
        channel.close();
    }

    @Test
    void does_not_take_for_delivered_what_goes_to_no_queue() throws Exception {
        Channel channel = Channels.open(at("routingKey=late"));
        UndeliveredException refused = catchThrowableOfType(UndeliveredException.class, () -> channel.send(letters(3)));
        assertThat(refused.delivered()).isZero();
        assertThat(refused.isForGood()).isFalse();

        declare("late");
        channel.send(letters(3));
        assertThat(take("late")).hasSize(3);
        channel.close();
    }

    @Test
    void fails_where_the_exchange_is_missing_and_connects_anew_when_it_is_there() throws Exception {
        Channel channel = Channels.open(at("exchange=missing&routingKey=x"));
        assertThatThrownBy(() -> channel.send(letters(2))).isInstanceOf(IOException.class);
        try (Connection connection = connect();
                com.rabbitmq.client.Channel made = connection.createChannel()) {
            made.exchangeDeclare("missing", "fanout", true);
            made.queueDeclare("found", true, false, false, null);
            made.queueBind("found", "missing", "");
        }
        channel.send(letters(2));
        assertThat(take("found")).hasSize(2);
        channel.close();
    }

    @Test
    void goes_on_with_another_connection_where_one_broke() throws Exception {
        declare("again");
        Channel channel = Channels.open(at("routingKey=again"));
        channel.send(letters(1));
        channel.close();
        channel.send(letters(1));
        assertThat(take("again")).hasSize(2);
        channel.close();
    }

    @Test
    void fails_where_it_is_not_let_in_and_where_there_is_nobody() {
        assertThatThrownBy(() -> Channels.open("amqp://guest:wrong@127.0.0.1:" + port + "/default?routingKey=q")
                        .send(letters(1)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("amqp://127.0.0.1:" + port + "/default?routingKey=…: ")
                .hasMessageNotContaining("Exception")
                .hasMessageNotContaining("wrong");
        assertThatThrownBy(() -> Channels.open("amqp://127.0.0.1:" + Ports.free() + "/?routingKey=q")
                        .send(letters(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no connection")
                .hasMessageContaining("correct the host and port, or start the broker");
        assertThatThrownBy(() -> Channels.open(at("exchange=nowhere")).send(letters(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the broker closed the channel")
                .hasMessageContaining("nowhere");
    }
}
