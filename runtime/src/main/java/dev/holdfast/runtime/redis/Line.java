package dev.holdfast.runtime.redis;

import dev.holdfast.runtime.time.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisOutputStream;

/**
 * A connection that many threads share. They send without waiting for each other's answers, and Redis answers in the order in which it was asked. What
 * several have to send goes in one write, and what several are answered comes in one read: that is what it is for.
 *
 * <p>It has no thread of its own. Of those that wait one at a time sends, whatever has gathered, and one listens, and hands each answer to whom it is for,
 * until it has its own. Then it wakes the one that was sent last, which has all answers before its own to hand out.
 *
 * <p>Once something is wrong with it, or nothing comes for as long as a command may take, nobody knows what was done of that which is not answered: all
 * of them fail, and it stays down.
 *
 * <p>Thread-safe. The two roles are taken by compare-and-set and never waited for. Who gives one up looks afterwards whether somebody has come in the
 * meantime who did not get it, and wakes him; who has not got it waits only after he has made himself known. So one of the two sees the other.
 */
final class Line extends Connection {

    private static final Object NOTHING = new Object();

    /** For an answer that nobody will hear. */
    private static final Object DOWN = new Object();

    /** In parts of what a command may take: how much longer is waited by who does not listen, so that it is the listener who finds that nothing comes. */
    private static final int PATIENCE = 4;

    /** Beside the superclass's, which reads answers when it cannot write, whoever else is about to. */
    private final RedisOutputStream out;

    private final long timeoutNanos;
    private final Time time;
    private final GiveWay giveWay;

    private final ConcurrentLinkedQueue<Question> unsent = new ConcurrentLinkedQueue<>();

    /** In the order in which they are sent. Added to by the sender, before it sends; taken from by the listener. */
    private final ConcurrentLinkedQueue<Question> unanswered = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean sending = new AtomicBoolean();
    private final AtomicBoolean listening = new AtomicBoolean();

    /** Sent last. */
    private volatile @Nullable Question newest;

    /** Why it is down; null while it is not. */
    private final AtomicReference<@Nullable Throwable> down = new AtomicReference<>();

    /** Whether somebody was told that nothing came. */
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * Connects.
     *
     * @throws redis.clients.jedis.exceptions.JedisException if that is not possible
     */
    Line(HostAndPort server, JedisClientConfig config, long timeoutNanos, Time time) {
        this(new OneSocket(server, config), config, timeoutNanos, time);
    }

    private Line(OneSocket socket, JedisClientConfig config, long timeoutNanos, Time time) {
        super(socket, config);
        this.out = new RedisOutputStream(socket.output());
        this.timeoutNanos = timeoutNanos;
        this.time = time;
        this.giveWay = new GiveWay(time.nanoTime());
    }

    /** Whether it was connected to that one. */
    boolean leadsTo(HostAndPort other) {
        return getHostAndPort().equals(other);
    }

    /** Whether it is of no use any more. */
    boolean isDown() {
        return down.get() != null;
    }

    /** Ends it. Who waits for an answer is told that it is broken. */
    void hangUp() {
        breakDown(new JedisConnectionException("closed"));
    }

    /**
     * Sends a command.
     *
     * @return what Redis answers: Long, byte[], a list of these, or null
     * @throws JedisDataException what Redis refuses it with
     * @throws JedisConnectionException if it is broken; because of a {@link SocketTimeoutException} if nothing came in time, because of a
     *     {@link CutOffException} if somebody was interrupted
     * @throws OthersTellException if no answer came in time, and somebody else is told if nothing came
     */
    @Nullable
    Object ask(Protocol.Command command, byte[]... words) {
        Question question = new Question(new CommandArguments(command).addObjects((Object[]) words));
        unsent.add(question);
        letOthersAsk();
        send(question);
        return hear(question);
    }

    @SuppressWarnings("ThreadPriorityCheck") // it is as right where the scheduler does not care
    private void letOthersAsk() {
        long since = time.nanoTime();
        if (giveWay.isDue(since)) {
            Thread.yield();
            giveWay.done(since, time.nanoTime());
        }
    }

    /** Sees to it that everything is sent, by whoever is at it. */
    private void send(Question own) {
        while (!unsent.isEmpty() && sending.compareAndSet(false, true)) {
            try {
                sendGathered();
            } finally {
                sending.set(false);
            }
            if (newest != own && !listening.get()) {
                wakeNewest();
            }
        }
    }

    /** Also where it is down: then they wait where the listener finds them. */
    private void sendGathered() {
        try {
            for (Question next = unsent.poll(); next != null; next = unsent.poll()) {
                newest = next;
                unanswered.add(next);
                if (!isDown()) {
                    Protocol.sendCommand(out, next.command);
                }
            }
            if (!isDown()) {
                out.flush();
            }
        } catch (IOException | RuntimeException | Error broken) {
            breakDown(orInterrupt(broken));
        }
    }

    private static Throwable orInterrupt(Throwable broken) {
        return Thread.currentThread().isInterrupted() && !JedisSender.isTimeout(broken)
                ? new CutOffException(broken)
                : broken;
    }

    private @Nullable Object hear(Question own) {
        long until = time.nanoTime() + timeoutNanos + timeoutNanos / PATIENCE;
        boolean interrupted = false;
        try {
            while (!own.isAnswered()) {
                if (listening.compareAndSet(false, true)) {
                    try {
                        listen(own, until);
                    } finally {
                        handOver();
                    }
                }
                long leftNanos = until - time.nanoTime();
                if (!own.isAnswered() && leftNanos <= 0) {
                    own.givenUp = true;
                    wakeNewest(); // as it may have been left to this one to listen
                    throw new OthersTellException(new SocketTimeoutException("no answer in time"));
                }
                interrupted |= !own.isAnswered() && wasInterruptedWaiting(own, leftNanos);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return answerTo(own);
    }

    private boolean wasInterruptedWaiting(Question own, long leftNanos) {
        try {
            boolean unused = time.await(own.signal, leftNanos);
            return false;
        } catch (InterruptedException again) {
            return true;
        }
    }

    /** Hands out answers until it has its own. */
    private void listen(Question own, long until) {
        while (!own.isAnswered() && !isDown() && time.nanoTime() - until < 0) {
            try {
                Object answer = nextAnswer();
                unanswered.remove().answer(answer);
            } catch (RuntimeException | Error broken) {
                breakDown(orInterrupt(broken));
            }
        }
        if (isDown()) {
            for (Question one = unanswered.poll(); one != null; one = unanswered.poll()) {
                one.answer(DOWN);
            }
        }
    }

    private @Nullable Object nextAnswer() {
        try {
            return getUnflushedObject();
        } catch (JedisDataException refused) {
            return refused;
        }
    }

    private void handOver() {
        listening.set(false);
        wakeNewest();
    }

    /** So that it listens. If its thread waits no more, somebody who was sent before may wait still. */
    private void wakeNewest() {
        Question last = newest;
        if (last != null && last.givenUp) {
            unanswered.forEach(Question::wake);
        } else if (last != null && !last.isAnswered()) {
            last.wake();
        }
    }

    private @Nullable Object answerTo(Question own) {
        Object answer = own.answer;
        if (answer instanceof JedisDataException refused) {
            throw refused;
        }
        if (answer == DOWN) {
            Throwable cause = down.get();
            if (JedisSender.isTimeout(cause) && !told.compareAndSet(false, true)) {
                throw new OthersTellException(cause);
            }
            throw new JedisConnectionException("a connection that many share is broken", cause);
        }
        return answer == NOTHING ? null : answer;
    }

    /** Who sends or listens now finds the socket closed. */
    private void breakDown(Throwable cause) {
        if (!down.compareAndSet(null, cause)) {
            return;
        }
        try {
            forceDisconnect();
        } catch (IOException unable) {
            cause.addSuppressed(unable);
        }
    }

    /** That no answer came in time. If that is because nothing comes, it is for one who listens to tell: others would tell it many times, or of a line that is busy. */
    static final class OthersTellException extends JedisConnectionException {

        private static final long serialVersionUID = 1;

        OthersTellException(@Nullable Throwable cause) {
            super("no answer on a connection that many share", cause);
        }
    }

    /** That one was interrupted while he sent or listened for all, which on virtual threads ends the connection. */
    static final class CutOffException extends JedisConnectionException {

        private static final long serialVersionUID = 1;

        CutOffException(Throwable cause) {
            super(cause);
        }
    }

    /** Connects once, and shows with what. */
    private static final class OneSocket extends DefaultJedisSocketFactory {

        private @Nullable Socket made;

        OneSocket(HostAndPort server, JedisClientConfig config) {
            super(server, config);
        }

        @Override
        public Socket createSocket() {
            Socket socket = super.createSocket();
            made = socket;
            return socket;
        }

        OutputStream output() {
            try {
                return Objects.requireNonNull(made).getOutputStream();
            } catch (IOException closed) {
                throw new JedisConnectionException(closed);
            }
        }
    }

    /** What one thread asks. */
    private static final class Question {

        final CommandArguments command;
        private final Thread asker = Thread.currentThread();
        final Semaphore signal = new Semaphore(0);

        /** Null until it is answered. */
        volatile @Nullable Object answer;

        /** Whether its thread waits no more. */
        volatile boolean givenUp;

        Question(CommandArguments command) {
            this.command = command;
        }

        boolean isAnswered() {
            return answer != null;
        }

        void answer(@Nullable Object given) {
            answer = given == null ? NOTHING : given;
            if (Thread.currentThread() != asker) {
                wake();
            }
        }

        void wake() {
            signal.release();
        }
    }
}
