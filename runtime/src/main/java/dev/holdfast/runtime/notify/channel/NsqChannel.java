package dev.holdfast.runtime.notify.channel;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code nsq://host:4151/topic} By nsqd's HTTP. nsqd says OK before a message is on its disk, so two may be named, separated by a
 * comma: then both must have taken it.
 */
final class NsqChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("nsq");
        }

        @Override
        public String form() {
            return "nsq://host:4151[,host:4151]/topic";
        }

        @Override
        public List<String> faults(Address address) {
            Need need = new Need(address).hosts().path("topic").onlyParameters();
            if (need.faults().isEmpty() && !address.name().matches("[.a-zA-Z0-9_-]{1,64}(#ephemeral)?")) {
                need.fault("has a topic that nsqd refuses; expected: 1 to 64 letters, digits, ., _ or -");
            }
            if (address.user() != null || address.password() != null) {
                need.fault("has a user or a password, which would go in the open to nsqd, which asks for none");
            }
            if (need.faults().isEmpty()) {
                for (Address.Host host : address.hosts()) {
                    need.url(() -> uri(host, address));
                }
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            return new NsqChannel(address);
        }
    };

    private static final int PORT = 4151;

    private final Http http;
    private final List<URI> servers = new ArrayList<>();

    private NsqChannel(Address address) {
        this.http = new Http(address);
        for (Address.Host host : address.hosts()) {
            servers.add(uri(host, address));
        }
    }

    private static URI uri(Address.Host host, Address address) {
        return URI.create("http://" + new Address.Host(host.name(), host.port(PORT)) + "/pub?topic="
                + WebhookChannel.encode(address.name()));
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        for (int i = 0; i < letters.size(); i++) {
            for (URI server : servers) {
                http.post(
                        server,
                        Map.of("Content-Type", "application/json"),
                        letters.get(i).text(),
                        i);
            }
        }
    }

    @Override
    public void close() {
        // As with webhooks.
    }
}
