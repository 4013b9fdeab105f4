package dev.holdfast.definition.recover;

import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import java.util.List;

/** Reads {@code @Recover}. Stateless. */
public final class RecoverReader implements AnnotationReader<RecoverSettings> {

    @Override
    public String annotation() {
        return "Recover";
    }

    @Override
    public RecoverSettings read(List<Attributes> given, MethodModel method, Names names) {
        Attributes attributes = given.get(0);
        RecoverSettings settings = RecoverReading.of(attributes, method);
        if (settings.breaker() != null && !settings.breakerName().isEmpty()) {
            String other = names.claim("breaker", settings.breakerName(), settings.breaker(), method);
            if (other != null) {
                attributes.fault(
                        "breaker",
                        "name \"" + settings.breakerName() + "\" is defined otherwise by " + other
                                + "; expected: the same attributes, or another name");
            }
        }
        return settings;
    }

    @Override
    public String summary(RecoverSettings settings) {
        return RecoverSummary.of(settings);
    }
}
