package dev.holdfast.processor;

import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/**
 * Claims Holdfast's own annotations, and no others: {@code javac -Xlint:processing} warns of annotations that no processor claims as soon as there
 * is a processor at all, and one that is asked about all annotations, as {@link DefinitionProcessor} is, may claim none.
 */
public final class OwnAnnotations extends AbstractProcessor {

    /** For the compiler. */
    public OwnAnnotations() {}

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of("dev.holdfast.*");
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    @SuppressWarnings("DoNotClaimAnnotations") // nobody else's are among them
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return true;
    }
}
