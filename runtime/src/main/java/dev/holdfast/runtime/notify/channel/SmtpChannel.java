package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.time.WallClock;
import java.io.IOException;
import java.io.Writer;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;
import org.apache.commons.net.smtp.SMTPReply;
import org.jspecify.annotations.Nullable;

/**
 * {@code smtp://…} and {@code smtps://…} A mail each, on a connection of its own, as they are few. {@code smtp} goes over to TLS where the
 * server offers it; a password is never sent in the open, but to this machine. The Message-ID is the letter's, so a mail that comes
 * twice is known by it.
 */
final class SmtpChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("smtp", "smtps");
        }

        @Override
        public String form() {
            return "smtp://[user:password@]host[:port]/?from=…&to=…[,…]";
        }

        @Override
        public boolean isForPeople() {
            return true;
        }

        @Override
        public List<String> faults(Address address) {
            Need need =
                    new Need(address).host().parameter("from").parameter("to").onlyParameters("from", "to");
            for (String name : List.of("from", "to")) {
                String value = address.parameter(name);
                for (String one : value == null ? new String[0] : value.split(",", -1)) {
                    if (!one.matches("[\\x21-\\x7E&&[^<>,;:\"()\\[\\]\\\\@]]+@[A-Za-z0-9.-]+")) {
                        need.fault("has in " + name + " what is no mail address");
                    }
                }
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            return new SmtpChannel(address);
        }
    };

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 15_000;
    private static final int LINE = 76;

    /** So often a mail is offered for recipients who are refused for now, while the next one waits: with the pauses between, half a minute. */
    private static final int MOST_TRIES = 5;

    private final Address.Host host;
    private final boolean tlsFromTheStart;
    private final @Nullable String user;
    private final @Nullable String password;
    private final String from;
    private final List<String> to;

    /** Those who get no mail, each told once, until they get one. */
    private final Set<String> refused = new HashSet<>();

    /** Of the letter that some have and others have not. */
    private String partlySent = "";

    /** Those who have that. */
    private final Set<String> served = new HashSet<>();

    private int tries;

    /** What is connected just now. */
    private volatile @Nullable Client client;

    private SmtpChannel(Address address) {
        this.host = address.hosts().get(0);
        this.tlsFromTheStart = address.scheme().equals("smtps");
        this.user = address.user();
        this.password = address.password();
        this.from = String.valueOf(address.parameter("from"));
        this.to = Stream.of(String.valueOf(address.parameter("to")).split(","))
                .distinct()
                .toList();
    }

    /** The library's, with a socket that can be closed under it, and with the JDK's own idea of whom to trust. */
    private static final class Client extends AuthenticatingSMTPClient {

        Client(boolean tlsFromTheStart, SSLContext tls) {
            super(tlsFromTheStart, tls);
            setEndpointCheckingEnabled(true);
            setConnectTimeout(CONNECT_MILLIS);
            setDefaultTimeout(ANSWER_MILLIS);
        }

        void abort() {
            Socket socket = _socket_;
            if (socket != null) {
                try {
                    socket.close();
                } catch (IOException gone) {
                    // That is what was wanted.
                }
            }
        }
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        for (int i = 0; i < letters.size(); i++) {
            send(letters.get(i), i);
        }
    }

    private void send(Letter letter, int delivered) throws IOException {
        if (!letter.id().equals(partlySent)) {
            partlySent = letter.id();
            served.clear();
            tries = 0;
        }
        Client open = new Client(tlsFromTheStart, tls());
        client = open;
        try {
            open.connect(host.name(), host.port(tlsFromTheStart ? 465 : 25));
            accept(open, SMTPReply.isPositiveCompletion(open.getReplyCode()), delivered);
            logIn(open, delivered);
            accept(open, open.setSender(from), delivered);
            Map<String, Integer> left = address(open, delivered);
            if (left.size() + served.size() < to.size()) {
                Writer text = open.sendMessageData();
                accept(open, text != null, delivered);
                if (text != null) {
                    try (text) {
                        text.write(mail(letter));
                    }
                }
                acceptText(open, open.completePendingCommand(), delivered);
                to.stream().filter(one -> !left.containsKey(one)).forEach(served::add);
                refused.removeAll(served);
            }
            leave(left, delivered);
            quit(open);
        } finally {
            client = null;
            open.abort();
        }
    }

    private static void quit(Client open) {
        try {
            open.quit();
        } catch (IOException gone) {
            // It has the mail: how it takes a goodbye is its own business.
        }
    }

    /**
     * Names those who do not have it yet.
     *
     * @return those who are refused, with the answer; not all, as then it is the server that does not want it
     */
    private Map<String, Integer> address(Client open, int delivered) throws IOException {
        Map<String, Integer> left = new LinkedHashMap<>();
        for (String one : to) {
            if (!served.contains(one) && !open.addRecipient(one)) {
                accept(open, open.getReplyCode() != SMTPReply.SERVICE_NOT_AVAILABLE, delivered);
                left.put(one, open.getReplyCode());
            }
        }
        accept(open, left.size() < to.size(), delivered);
        return left;
    }

    /** One who is refused does not keep the mail from the others, and those behind it not for long. */
    private void leave(Map<String, Integer> left, int delivered) throws UndeliveredException {
        boolean isWorthWaiting = false;
        for (Map.Entry<String, Integer> one : left.entrySet()) {
            isWorthWaiting |= !isForGood(one.getValue()) && !refused.contains(one.getKey());
        }
        if (isWorthWaiting && ++tries < MOST_TRIES) {
            throw UndeliveredException.forNow(said(left.values().iterator().next()), delivered, null);
        }
        left.forEach((one, code) -> {
            if (refused.add(one)) {
                Log.warn(
                        Home.loader(),
                        "@NotifyOnFailure: " + said(code) + " to the recipient " + one
                                + ", who gets no mail for as long as it does; if that is for good, correct the address,"
                                + " or take it out of the channel's",
                        null);
            }
        });
    }

    private static SSLContext tls() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException none) {
            throw new IOException("no TLS in this JVM: " + none.getMessage(), none);
        }
    }

    private void logIn(Client open, int delivered) throws IOException {
        boolean extended = open.elogin();
        accept(open, extended || open.login(), delivered);
        boolean safe = tlsFromTheStart;
        if (!safe && extended && offers(open, "STARTTLS")) {
            accept(open, open.execTLS(), delivered);
            accept(open, open.elogin(), delivered);
            safe = true;
        }
        if (user != null && password != null) {
            if (!safe && !host.isLoopback()) {
                throw new IOException("the server offers no TLS, and the password is not sent in the open");
            }
            try {
                accept(
                        open,
                        open.auth(
                                offers(open, "PLAIN")
                                        ? AuthenticatingSMTPClient.AUTH_METHOD.PLAIN
                                        : AuthenticatingSMTPClient.AUTH_METHOD.LOGIN,
                                user,
                                password),
                        delivered);
            } catch (GeneralSecurityException noMac) {
                throw new IOException(noMac);
            }
        }
    }

    private static boolean offers(Client open, String extension) {
        for (String line : open.getReplyStrings()) {
            if (line.toUpperCase(Locale.ROOT).contains(extension)) {
                return true;
            }
        }
        return false;
    }

    /** What is refused before there is a text says nothing of that: a password, a sender or recipients are settings that somebody will mend. */
    private static void accept(Client open, boolean accepted, int delivered) throws IOException {
        if (!accepted) {
            throw UndeliveredException.forNow(said(open.getReplyCode()), delivered, null);
        }
    }

    /** 4xx may be better another time; 5xx is for good. */
    private static void acceptText(Client open, boolean accepted, int delivered) throws IOException {
        if (!accepted && isForGood(open.getReplyCode())) {
            throw UndeliveredException.forGood(said(open.getReplyCode()), delivered);
        }
        accept(open, accepted, delivered);
    }

    private static String said(int code) {
        return "the mail server answered " + code;
    }

    private static boolean isForGood(int code) {
        return code >= 550 && code < 555;
    }

    private String mail(Letter letter) {
        List<String> lines = new ArrayList<>();
        lines.add("From: <" + from + ">");
        lines.add("To: <" + String.join(">,\r\n <", to) + ">");
        lines.add("Subject: " + encodedWords(letter.title()));
        lines.add("Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochMilli(WallClock.millis()).atOffset(ZoneOffset.UTC)));
        lines.add("Message-ID: <" + letter.id().replaceAll("[^A-Za-z0-9.-]", "") + "@holdfast.invalid>");
        lines.add("MIME-Version: 1.0");
        lines.add("Auto-Submitted: auto-generated");
        lines.add("Content-Type: text/plain; charset=UTF-8");
        lines.add("Content-Transfer-Encoding: base64");
        lines.add("");
        lines.add(new String(
                Base64.getMimeEncoder(LINE, "\r\n".getBytes(US_ASCII))
                        .encode(letter.text().getBytes(UTF_8)),
                US_ASCII));
        return String.join("\r\n", lines) + "\r\n";
    }

    /** A header as RFC 2047 has it: nothing in a title can begin another header. */
    private static String encodedWords(String title) {
        StringBuilder words = new StringBuilder();
        int at = 0;
        while (at < title.length()) {
            int end = at;
            int bytes = 0;
            while (end < title.length()) {
                int next = title.codePointAt(end);
                int size = next < 0x80 ? 1 : next < 0x800 ? 2 : next < 0x10000 ? 3 : 4;
                if (bytes + size > 45) {
                    break;
                }
                bytes += size;
                end += Character.charCount(next);
            }
            words.append(words.isEmpty() ? "" : "\r\n ")
                    .append("=?UTF-8?B?")
                    .append(Base64.getEncoder()
                            .encodeToString(title.substring(at, end).getBytes(UTF_8)))
                    .append("?=");
            at = end;
        }
        return words.toString();
    }

    @Override
    public void close() {
        Client open = client;
        if (open != null) {
            open.abort();
        }
    }
}
