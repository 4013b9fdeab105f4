package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.time.WallClock;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code https://…} A POST each, signed as Standard Webhooks does where the address has a {@code secret}; that is not sent. A secret is
 * {@code whsec_} and Base64, or any text.
 */
final class WebhookChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("https", "http");
        }

        @Override
        public String form() {
            return "https://[user:password@]host/path[?secret=…]";
        }

        @Override
        public List<String> faults(Address address) {
            Need need = Http.need(address, address.scheme().equals("http"));
            String secret = address.parameter(SECRET);
            if (address.parameters().contains(SECRET)
                    && (secret == null || secret.isEmpty() || secret.equals(PREFIX))) {
                need.fault("has an empty secret, by which nothing can be signed");
            } else if (secret != null) {
                try {
                    key(secret);
                } catch (IllegalArgumentException noBase64) {
                    need.fault("has a secret of which the part behind whsec_ is no Base64");
                }
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            return new WebhookChannel(address);
        }
    };

    private static final String SECRET = "secret";
    private static final String PREFIX = "whsec_";

    private final Http http;
    private final URI uri;
    private final @Nullable SecretKeySpec key;

    private WebhookChannel(Address address) {
        this.http = new Http(address);
        this.uri = uri(address, address.scheme(), SECRET);
        String secret = address.parameter(SECRET);
        this.key = secret == null ? null : key(secret);
    }

    /** What is posted to: the address without what is for us. */
    static URI uri(Address address, String scheme, String... ours) {
        StringJoiner query = new StringJoiner("&");
        for (String name : address.parameters()) {
            if (!Set.of(ours).contains(name)) {
                String value = address.parameter(name);
                query.add(encode(name) + "=" + encode(value == null ? "" : value));
            }
        }
        String path = address.path().isEmpty() ? "/" : address.path();
        String target = scheme + "://" + address.hosts().get(0) + path;
        return URI.create(query.length() == 0 ? target : target + "?" + query);
    }

    static String encode(String text) {
        return java.net.URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static SecretKeySpec key(String secret) {
        byte[] key = secret.startsWith(PREFIX)
                ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                : secret.getBytes(UTF_8);
        return new SecretKeySpec(key, "HmacSHA256");
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        for (int i = 0; i < letters.size(); i++) {
            Letter letter = letters.get(i);
            http.post(uri, headers(letter, WallClock.millis() / 1_000), letter.text(), i);
        }
    }

    private Map<String, String> headers(Letter letter, long seconds) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/cloudevents+json; charset=UTF-8");
        headers.put("webhook-id", letter.id());
        headers.put("webhook-timestamp", String.valueOf(seconds));
        if (key != null) {
            headers.put("webhook-signature", "v1," + signature(key, letter.id() + "." + seconds + "." + letter.text()));
        }
        return headers;
    }

    private static String signature(SecretKeySpec key, String signed) throws IOException {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException notAJdk) {
            throw new IOException(notAJdk);
        }
    }

    @Override
    public void close() {
        // The JDK's client closes its connections when they are idle, and its threads with them.
    }
}
