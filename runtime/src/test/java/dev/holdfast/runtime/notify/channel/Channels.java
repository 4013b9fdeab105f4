package dev.holdfast.runtime.notify.channel;

import java.util.List;

/** Opens channels by their addresses, as users write them. */
final class Channels {

    private Channels() {}

    static Channel open(String uri) {
        ChannelType type = ChannelTypes.own(Address.of(uri).scheme());
        if (type == null) {
            throw new AssertionError("no channel for " + uri);
        }
        List<String> faults = ChannelTypes.faults(uri);
        if (!faults.isEmpty()) {
            throw new AssertionError(faults.toString());
        }
        return type.open(Address.of(uri));
    }

    static Letter letter(int number) {
        return new Letter(
                "id-" + number,
                "title " + number,
                "{\"specversion\":\"1.0\",\"id\":\"id-" + number + "\",\"type\":\"dev.holdfast.method.failed.v1\"}");
    }
}
