package dev.holdfast.definition.notify;

import java.util.List;

/**
 * What the {@code @NotifyOnFailure} annotations of one method say, read and checked.
 *
 * @param tellings one for each of them, in the order in which they stand there; at least one
 */
public record NotifySettings(List<Telling> tellings) {

    public NotifySettings {
        tellings = List.copyOf(tellings);
    }
}
