package dev.holdfast.processor;

import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.definition.Faults;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.MethodReading;
import dev.holdfast.definition.MissingTypeException;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.Readers;
import dev.holdfast.definition.Refusal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;

/**
 * Tells what is wrong with Holdfast's annotations as errors of the compiler, at the attribute that is at fault, in the words of the agent. What needs a
 * class that cannot be seen yet it leaves to the compiler or to the agent. Classes within methods it does not see: the compiler shows them to nobody.
 *
 * <p>{@code -Aholdfast.check=false} turns it off.
 */
public final class DefinitionProcessor extends AbstractProcessor {

    /** The option that turns it off. */
    static final String OPTION = "holdfast.check";

    /** By name, to be looked up again when all rounds are over and all that other processors write is there. */
    private final Set<String> types = new LinkedHashSet<>();

    private final List<AnnotationReader<?>> readers = Readers.all();

    /** Of what is compiled together. */
    private final Names names = new Names();

    /** For the compiler. */
    public DefinitionProcessor() {}

    /** Any: annotations of users' own may bear ours. */
    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of("*");
    }

    @Override
    public Set<String> getSupportedOptions() {
        return Set.of(OPTION);
    }

    /** Whatever the compiler has: nothing here depends on it. */
    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if ("false".equalsIgnoreCase(processingEnv.getOptions().get(OPTION))) {
            return false;
        }
        for (TypeElement root : ElementFilter.typesIn(round.getRootElements())) {
            types.add(root.getQualifiedName().toString());
        }
        if (round.processingOver() && !round.errorRaised()) {
            for (String name : types) {
                TypeElement type = processingEnv.getElementUtils().getTypeElement(name);
                if (type != null) {
                    check(type);
                }
            }
        }
        return false; // it is asked about everybody's annotations
    }

    private void check(TypeElement type) {
        for (TypeElement member : ElementFilter.typesIn(type.getEnclosedElements())) {
            check(member);
        }
        if (type.getKind() == ElementKind.ANNOTATION_TYPE) {
            return;
        }
        Said ofClass = Said.by(type, readers, processingEnv);
        for (ExecutableElement constructor : ElementFilter.constructorsIn(type.getEnclosedElements())) {
            Said own = Said.by(constructor, readers, processingEnv);
            if (!own.isEmpty()) {
                check(constructor, own);
            }
        }
        for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
            Said own = Said.by(method, readers, processingEnv);
            Said all = method.getModifiers().contains(Modifier.PRIVATE) || isOfEveryEnum(type, method)
                    ? own
                    : own.or(ofClass.covering(method.getSimpleName().toString()));
            boolean isCovered = !own.isEmpty() || !method.getModifiers().contains(Modifier.ABSTRACT);
            if (!all.isEmpty() && isCovered) {
                check(method, all);
            }
        }
    }

    /** Nobody has written it, and the agent leaves it alone. */
    private static boolean isOfEveryEnum(TypeElement type, ExecutableElement method) {
        String name = method.getSimpleName().toString();
        int parameters = method.getParameters().size();
        // Of those names and numbers of parameters none can be written in an enum beside them, but for valueOf of
        // another type.
        boolean isOne = parameters == 0
                ? name.equals("values")
                : parameters == 1
                        && name.equals("valueOf")
                        && method.getParameters().get(0).asType().toString().equals("java.lang.String");
        return isOne && type.getKind() == ElementKind.ENUM;
    }

    private void check(ExecutableElement method, Said said) {
        try {
            MethodModel model = SourceType.method(method, processingEnv);
            Faults faults = new Faults(model.place());
            String refusal = Refusal.of(said.written(), model.name(), model.modifiers(), lastParameter(model));
            if (refusal != null) {
                said.refuse(model.place() + ": " + refusal, method, processingEnv.getMessager());
                return;
            }
            said.faults().forEach(faults::add);
            MethodReading.of(model, said.definitions(), faults, readers, annotation -> attribute -> null, names);
            for (Faults.Fault fault : faults.all()) {
                said.tell(fault, method, processingEnv.getMessager());
            }
        } catch (MissingTypeException unseen) {
            // Then the compiler has an error of its own to tell, or the class is there when the program runs.
            processingEnv
                    .getMessager()
                    .printMessage(
                            Diagnostic.Kind.NOTE,
                            "Holdfast does not check " + place(method) + ", for " + unseen.getMessage());
        } catch (RuntimeException | LinkageError | StackOverflowError own) {
            // A mistake of ours is no reason why somebody's program should not compile.
            processingEnv
                    .getMessager()
                    .printMessage(Diagnostic.Kind.NOTE, "Holdfast could not check " + place(method) + ": " + own);
        }
    }

    private static String lastParameter(MethodModel method) {
        int count = method.parameters().size();
        return count == 0 ? "" : method.parameters().get(count - 1).name();
    }

    private static String place(Element method) {
        return method.getEnclosingElement() + "." + method;
    }
}
