package dev.holdfast.definition.notify;

import java.util.List;

/**
 * What the {@code @NotifyOnFailure} annotations of one method say, read and checked.
 *
 * @param tellings one for each of them, in the order in which they stand there; at least one
 * @param parameterNames of the method, in order; an empty text for a name that is not known
 */
public record NotifySettings(List<Telling> tellings, List<String> parameterNames) {

    public NotifySettings {
        tellings = List.copyOf(tellings);
        parameterNames = List.copyOf(parameterNames);
    }
}
