package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.holdfast.servers.Ports;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a real mail server. */
@Timeout(60)
class SmtpChannelTest {

    private static final Letter LETTER =
            new Letter("a1-7", "[shop] ERROR Überweisung\r\nBcc: x@evil.example", "message: grüße\n.\nend");

    private static GreenMail start() {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());
        mail.start();
        return mail;
    }

    private static String at(GreenMail mail, String user) {
        return "smtp://" + user + "127.0.0.1:" + mail.getSmtp().getPort()
                + "/?from=agent@shop.example&to=ops@shop.example,dev@shop.example";
    }

    @Test
    void sends_a_mail_that_nobody_can_add_headers_to() throws Exception {
        GreenMail mail = start();
        try {
            Channels.open(at(mail, "")).send(List.of(LETTER));
            MimeMessage[] received = mail.getReceivedMessages();
            assertThat(received).hasSize(2); // one in each box
            assertThat(received[0].getSubject())
                    .contains("[shop] ERROR Überweisung")
                    .contains("Bcc: x@evil.example");
            assertThat(received[0].getHeader("Bcc")).isNull();
            assertThat(received[0].getMessageID()).isEqualTo("<a1-7@holdfast.invalid>");
            assertThat(received[0].getFrom()[0]).hasToString("agent@shop.example");
            assertThat(received[0].getAllRecipients()).hasSize(2);
            assertThat(((String) received[0].getContent()).replace("\r\n", "\n"))
                    .isEqualTo("message: grüße\n.\nend");
            assertThat(received[0].getHeader("Auto-Submitted")).containsExactly("auto-generated");
        } finally {
            mail.stop();
        }
    }

    @Test
    void logs_in() throws Exception {
        GreenMail mail = start();
        try {
            mail.setUser("ann", "p:ss w@rd");
            mail.getManagers().getUserManager().setAuthRequired(true);
            Channels.open(at(mail, "ann:p%3Ass%20w%40rd@")).send(List.of(LETTER));
            assertThat(mail.getReceivedMessages()).hasSize(2);

            UndeliveredException refused =
                    catchThrowableOfType(UndeliveredException.class, () -> Channels.open(at(mail, "ann:wrong@"))
                            .send(List.of(LETTER)));
            assertThat(refused.isForGood()).as("somebody will mend it").isFalse();
            assertThat(refused).hasMessageContaining("535").hasMessageNotContaining("wrong");
        } finally {
            mail.stop();
        }
    }

    /** A server that answers as told to each recipient, in the order of the mails. */
    private static final class Choosy implements AutoCloseable {

        /** Whose answer is that to a text. */
        static final String TEXT = "text";

        /** Where that has an answer, it is to hang up without one. */
        static final String QUIT = "QUIT";

        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<String> mails = new CopyOnWriteArrayList<>();
        private final Map<String, String> answers;

        Choosy(Map<String, String> answers) throws IOException {
            this.answers = answers;
            Thread thread = new Thread(this::serve);
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    talk(client);
                } catch (IOException gone) {
                    assertThat(gone).isNotNull(); // it hangs up, or the test ends
                }
            }
        }

        private void talk(Socket client) throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
            PrintStream out = new PrintStream(client.getOutputStream(), true, US_ASCII);
            List<String> recipients = new ArrayList<>();
            out.print("220 here\r\n");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("RCPT TO:")) {
                    String recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                    String answer = answers.getOrDefault(recipient, "250 ok");
                    if (answer.startsWith("250")) {
                        recipients.add(recipient);
                    }
                    out.print(answer + "\r\n");
                } else if (line.equals("DATA")) {
                    out.print("354 go on\r\n");
                    String text;
                    do {
                        text = in.readLine();
                    } while (text != null && !text.equals("."));
                    String answer = answers.getOrDefault(TEXT, "250 taken");
                    if (answer.startsWith("250")) {
                        mails.addAll(recipients);
                    }
                    out.print(answer + "\r\n");
                } else if (line.equals(QUIT) && answers.containsKey(QUIT)) {
                    return;
                } else {
                    out.print("250 ok\r\n");
                }
            }
        }

        Channel channel(String to) {
            return Channels.open("smtp://127.0.0.1:" + socket.getLocalPort() + "/?from=a@b.example&to=" + to);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void sends_to_the_others_where_one_is_refused_for_good() throws Exception {
        try (Choosy server = new Choosy(Map.of("bad@c.example", "550 who", "worse@c.example", "553 what"))) {
            PrintStream err = System.err;
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            System.setErr(new PrintStream(said, true, UTF_8));
            try {
                server.channel("bad@c.example,one@c.example,two@c.example")
                        .send(List.of(LETTER, new Letter("a1-8", "next", "text")));
            } finally {
                System.setErr(err);
            }
            assertThat(server.mails)
                    .containsExactly("one@c.example", "two@c.example", "one@c.example", "two@c.example");
            assertThat(said.toString(UTF_8))
                    .as("once")
                    .containsOnlyOnce("the mail server answered 550 to the recipient bad@c.example");

            UndeliveredException none = catchThrowableOfType(
                    UndeliveredException.class,
                    () -> server.channel("bad@c.example,worse@c.example").send(List.of(LETTER)));
            assertThat(none.isForGood()).as("somebody will mend it").isFalse();
        }
    }

    @Test
    void tries_again_for_a_recipient_that_is_refused_for_now_and_for_no_other() throws Exception {
        Map<String, String> answers = new ConcurrentHashMap<>(Map.of("later@c.example", "450 busy"));
        try (Choosy server = new Choosy(answers)) {
            Channel channel = server.channel("one@c.example,later@c.example");
            UndeliveredException later =
                    catchThrowableOfType(UndeliveredException.class, () -> channel.send(List.of(LETTER)));
            assertThat(later.isForGood()).isFalse();
            assertThat(later.delivered()).isZero();
            assertThat(server.mails).containsExactly("one@c.example");
            assertThatThrownBy(() -> channel.send(List.of(LETTER))).isInstanceOf(UndeliveredException.class);
            answers.clear();
            channel.send(List.of(LETTER));
            assertThat(server.mails).containsExactly("one@c.example", "later@c.example");
        }
    }

    @Test
    void does_not_try_for_ever_while_others_wait() throws Exception {
        try (Choosy server = new Choosy(Map.of("full@c.example", "452 no room"))) {
            Channel channel = server.channel("one@c.example,full@c.example");
            for (int i = 1; i < 5; i++) {
                assertThatThrownBy(() -> channel.send(List.of(LETTER))).isInstanceOf(UndeliveredException.class);
            }
            channel.send(List.of(LETTER));
            assertThat(server.mails).containsExactly("one@c.example");
            channel.send(List.of(new Letter("a1-8", "next", "text")));
            assertThat(server.mails).as("nobody waits again").containsExactly("one@c.example", "one@c.example");
        }
    }

    /** That counted as not delivered, and no further mail got through. */
    @Test
    void a_mail_that_was_taken_is_over_however_the_server_says_goodbye() throws Exception {
        try (Choosy server = new Choosy(Map.of(Choosy.QUIT, "none"))) {
            Channel channel = server.channel("one@c.example");
            channel.send(List.of(LETTER, new Letter("a1-8", "next", "text")));
            assertThat(server.mails).containsExactly("one@c.example", "one@c.example");
        }
    }

    @Test
    void a_text_that_is_refused_is_dead() throws Exception {
        try (Choosy server = new Choosy(Map.of(Choosy.TEXT, "552 too long"))) {
            UndeliveredException refused =
                    catchThrowableOfType(UndeliveredException.class, () -> server.channel("one@c.example")
                            .send(List.of(LETTER)));
            assertThat(refused.isForGood()).isTrue();
        }
    }

    @Test
    void fails_where_there_is_no_server() {
        assertThatThrownBy(() -> Channels.open("smtp://127.0.0.1:" + Ports.free() + "/?from=a@b.example&to=c@d.example")
                        .send(List.of(LETTER)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UndeliveredException.class);
    }

    @Test
    void can_be_ended_while_a_server_says_nothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel =
                    Channels.open("smtp://127.0.0.1:" + silent.getLocalPort() + "/?from=a@b.example&to=c@d.example");
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread sender = new Thread(() -> {
                try {
                    channel.send(List.of(LETTER));
                    ended.complete(new AssertionError("it was sent"));
                } catch (IOException | RuntimeException broken) {
                    ended.complete(broken);
                }
            });
            sender.start();
            silent.accept();
            channel.close();
            assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }
}
