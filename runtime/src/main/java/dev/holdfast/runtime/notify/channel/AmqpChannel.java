package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.holdfast.runtime.notify.event.EventText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code amqp://…} and {@code amqps://…} RabbitMQ, and what speaks AMQP 0-9-1 with its publisher confirms.
 *
 * <p>A message is taken when the broker has confirmed it and has not sent it back: it is published as mandatory, so one that goes to no
 * queue comes back, before its confirmation or (on other brokers) after a refusal. The library's own recovery is off: it would number
 * confirms anew and send nothing again. After whatever goes wrong the connection is thrown away, and with it what was under way.
 *
 * <p>Writing to a socket has no time limit, and a broker that runs out of memory or disk reads no more: {@link #close} from another
 * thread ends that by closing the socket.
 */
final class AmqpChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("amqp", "amqps");
        }

        @Override
        public String form() {
            return "amqp://[user:password@]host[:port]/[vhost]?[exchange=…][&routingKey=…]";
        }

        @Override
        public List<String> faults(Address address) {
            Need need = new Need(address).host().onlyParameters("exchange", "routingKey");
            if (address.parameter("exchange") == null && address.parameter("routingKey") == null) {
                need.fault("has neither exchange nor routingKey; expected: one of them, or both");
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            return new AmqpChannel(address);
        }
    };

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int HEARTBEAT_SECONDS = 10;

    /** For a broker that has said that it blocks publishers: it may be a minute until an operator has made room. */
    private static final int BLOCKED_MILLIS = 40_000;

    private final Address address;
    private final String exchange;
    private final String routingKey;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final NavigableMap<Long, String> unconfirmed = new TreeMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private boolean blocked;
    private boolean broken;
    private @Nullable ShutdownSignalException brokenBy;

    /** Which connection it is: what is heard of an earlier one, late, means nothing. */
    private int epoch;

    private @Nullable Connection connection;
    private com.rabbitmq.client.@Nullable Channel channel;
    private volatile @Nullable Socket socket;

    private AmqpChannel(Address address) {
        this.address = address;
        String exchange = address.parameter("exchange");
        String routingKey = address.parameter("routingKey");
        this.exchange = exchange == null ? "" : exchange;
        this.routingKey = routingKey == null ? "" : routingKey;
    }

    @Override
    public int most() {
        return 128;
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        try {
            com.rabbitmq.client.Channel open = open();
            for (Letter letter : letters) {
                publish(open, letter);
            }
            awaitConfirms();
        } catch (IOException | TimeoutException | GeneralSecurityException | RuntimeException failed) {
            close();
            UndeliveredException told = UndeliveredException.forNow(address + ": " + reason(failed), 0, null);
            told.initCause(failed);
            throw told;
        }
        for (int i = 0; i < letters.size(); i++) {
            String why = refusal(letters.get(i).id());
            if (why != null) {
                // What was taken behind it is sent again: that keeps the order.
                throw UndeliveredException.forNow(why, i, null);
            }
        }
    }

    /** The library wraps what the broker says into exceptions that say nothing. */
    private static String reason(Throwable failed) {
        Throwable one = failed;
        while (one.getCause() != null
                && (one.getMessage() == null || one.getCause() instanceof ShutdownSignalException)) {
            one = one.getCause();
        }
        if (one instanceof AuthenticationFailureException) {
            return one.getMessage() + "; correct user and password";
        }
        if (one instanceof ConnectException || one instanceof UnknownHostException) {
            return "no connection (" + one + "); correct the host and port, or start the broker";
        }
        if (one instanceof ShutdownSignalException shutdown) {
            if (shutdown.getReason() instanceof AMQP.Connection.Close close) {
                return "the broker closed the connection: " + close.getReplyText()
                        + "; correct the address, or what the broker has under that name";
            }
            if (shutdown.getReason() instanceof AMQP.Channel.Close close) {
                return "the broker closed the channel: " + close.getReplyText()
                        + "; correct the address, or what the broker has under that name";
            }
        }
        return one.toString();
    }

    private com.rabbitmq.client.Channel open() throws IOException, TimeoutException, GeneralSecurityException {
        com.rabbitmq.client.Channel present = channel;
        if (present != null && present.isOpen()) {
            reset();
            return present;
        }
        close();
        int epoch = begin();
        Connection made = factory().newConnection("holdfast");
        connection = made;
        made.addBlockedListener(why -> block(epoch, true), () -> block(epoch, false));
        made.addShutdownListener(why -> fail(epoch, why));
        com.rabbitmq.client.Channel opened = made.createChannel();
        if (opened == null) {
            throw new IOException("the broker gives no channel");
        }
        opened.confirmSelect();
        opened.addShutdownListener(why -> fail(epoch, why));
        opened.addConfirmListener(
                (number, several) -> confirm(epoch, number, several, null),
                (number, several) -> confirm(epoch, number, several, "the broker refused it"));
        opened.addReturnListener(returned -> comeBack(
                epoch,
                String.valueOf(returned.getProperties().getMessageId()),
                "the broker sent it back: " + returned.getReplyText()));
        channel = opened;
        return opened;
    }

    private ConnectionFactory factory() throws GeneralSecurityException {
        ConnectionFactory factory = new ConnectionFactory();
        Address.Host host = address.hosts().get(0);
        boolean tls = address.scheme().equals("amqps");
        factory.setHost(host.name());
        factory.setPort(
                host.port(tls ? ConnectionFactory.DEFAULT_AMQP_OVER_SSL_PORT : ConnectionFactory.DEFAULT_AMQP_PORT));
        String user = address.user();
        String password = address.password();
        if (user != null) {
            factory.setUsername(user);
            factory.setPassword(password == null ? "" : password);
        }
        factory.setVirtualHost(address.name().isEmpty() ? "/" : address.name());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_MILLIS);
        factory.setHandshakeTimeout(ANSWER_MILLIS);
        factory.setChannelRpcTimeout(ANSWER_MILLIS);
        factory.setShutdownTimeout(1_000);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setThreadFactory(SenderThreads::daemon);
        factory.setSocketConfigurator(made -> {
            socket = made;
            made.setTcpNoDelay(true);
        });
        if (tls) {
            factory.useSslProtocol(SSLContext.getDefault());
            factory.enableHostnameVerification();
        }
        return factory;
    }

    private void publish(com.rabbitmq.client.Channel open, Letter letter) throws IOException {
        lock.lock();
        try {
            unconfirmed.put(open.getNextPublishSeqNo(), letter.id());
        } finally {
            lock.unlock();
        }
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/cloudevents+json")
                .contentEncoding("UTF-8")
                .deliveryMode(2)
                .messageId(letter.id())
                .type(EventText.read(letter.text()).get("type"))
                .build();
        open.basicPublish(exchange, routingKey, true, properties, letter.text().getBytes(UTF_8));
    }

    private void awaitConfirms() throws IOException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
            boolean waitsLonger = false;
            while (!unconfirmed.isEmpty()) {
                if (broken) {
                    throw new IOException("the connection broke, or the broker closed it", brokenBy);
                }
                if (blocked && !waitsLonger) {
                    waitsLonger = true;
                    left = TimeUnit.MILLISECONDS.toNanos(BLOCKED_MILLIS);
                }
                if (left <= 0) {
                    throw new IOException(
                            blocked ? "the broker blocks publishers" : "the broker confirms nothing within 10 s");
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException nobodyShould) {
            throw new IOException("interrupted", nobodyShould);
        } finally {
            lock.unlock();
        }
    }

    private void confirm(int of, long number, boolean several, @Nullable String refusal) {
        lock.lock();
        try {
            if (of != epoch) {
                return;
            }
            Map<Long, String> answered =
                    several ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
            if (refusal != null) {
                answered.values().forEach(id -> refused.putIfAbsent(id, refusal));
            }
            answered.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void comeBack(int of, String id, String why) {
        lock.lock();
        try {
            if (of == epoch) {
                refused.put(id, why);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String refusal(String id) {
        lock.lock();
        try {
            return refused.get(id);
        } finally {
            lock.unlock();
        }
    }

    private void block(int of, boolean blocked) {
        lock.lock();
        try {
            if (of == epoch) {
                this.blocked = blocked;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(int of, ShutdownSignalException why) {
        lock.lock();
        try {
            if (of == epoch) {
                brokenBy = broken ? brokenBy : why;
                broken = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void reset() {
        lock.lock();
        try {
            unconfirmed.clear();
            refused.clear();
        } finally {
            lock.unlock();
        }
    }

    private int begin() {
        lock.lock();
        try {
            unconfirmed.clear();
            refused.clear();
            broken = false;
            brokenBy = null;
            blocked = false;
            return ++epoch;
        } finally {
            lock.unlock();
        }
    }

    /** The socket first: taking leave of a broker that does not read would hang as well. */
    @Override
    public void close() {
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException gone) {
                // That is what was wanted.
            }
        }
        Connection old = connection;
        if (old != null) {
            old.abort(1_000);
        }
        channel = null;
        connection = null;
        socket = null;
    }
}
