package dev.holdfast.processor;

import dev.holdfast.definition.FieldModel;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.MissingTypeException;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** A class as the compiler knows it. */
final class SourceType implements TypeModel {

    private static final TypeUse OBJECT = TypeUse.of("java.lang.Object", 0);

    private final TypeElement element;
    private final ProcessingEnvironment environment;

    private SourceType(TypeElement element, ProcessingEnvironment environment) {
        this.element = element;
        this.environment = environment;
    }

    @Override
    public String name() {
        return environment.getElementUtils().getBinaryName(element).toString();
    }

    @Override
    public int modifiers() {
        return modifiers(element) | (element.getKind().isInterface() ? Modifier.INTERFACE : 0);
    }

    private static int modifiers(Element element) {
        int modifiers = 0;
        for (javax.lang.model.element.Modifier modifier : element.getModifiers()) {
            modifiers |= switch (modifier) {
                case PUBLIC -> Modifier.PUBLIC;
                case PROTECTED -> Modifier.PROTECTED;
                case PRIVATE -> Modifier.PRIVATE;
                case ABSTRACT -> Modifier.ABSTRACT;
                case STATIC -> Modifier.STATIC;
                case FINAL -> Modifier.FINAL;
                case SYNCHRONIZED -> Modifier.SYNCHRONIZED;
                case NATIVE -> Modifier.NATIVE;
                default -> 0;
            };
        }
        return modifiers;
    }

    @Override
    public boolean isMember() {
        return element.getNestingKind() == NestingKind.MEMBER;
    }

    @Override
    public @Nullable TypeUse superclass() {
        TypeMirror above = element.getSuperclass();
        return above.getKind() == TypeKind.NONE ? null : use(above, environment);
    }

    @Override
    public List<TypeUse> interfaces() {
        List<TypeUse> interfaces = new ArrayList<>();
        for (TypeMirror one : element.getInterfaces()) {
            interfaces.add(use(one, environment));
        }
        return interfaces;
    }

    @Override
    public List<String> variables() {
        List<String> variables = new ArrayList<>();
        for (TypeParameterElement variable : element.getTypeParameters()) {
            variables.add(name() + "." + variable.getSimpleName());
        }
        return variables;
    }

    @Override
    public List<MethodModel> methods() {
        List<MethodModel> methods = new ArrayList<>();
        for (Element member : element.getEnclosedElements()) {
            if (member.getKind() == ElementKind.METHOD || member.getKind() == ElementKind.CONSTRUCTOR) {
                methods.add(method((ExecutableElement) member, environment));
            }
        }
        return methods;
    }

    @Override
    public List<FieldModel> fields() {
        List<FieldModel> fields = new ArrayList<>();
        for (VariableElement field : ElementFilter.fieldsIn(element.getEnclosedElements())) {
            fields.add(new FieldModel(
                    this, field.getSimpleName().toString(), use(field.asType(), environment), modifiers(field)));
        }
        return fields;
    }

    /** A $ may part a class from its member, or belong to a name. */
    @Override
    public @Nullable TypeModel find(String wanted) {
        String canonical = wanted;
        while (true) {
            TypeElement found = environment.getElementUtils().getTypeElement(canonical);
            if (found != null) {
                return new SourceType(found, environment);
            }
            int dollar = canonical.lastIndexOf('$');
            if (dollar <= 0 || dollar == canonical.length() - 1) {
                return null;
            }
            canonical = canonical.substring(0, dollar) + "." + canonical.substring(dollar + 1);
        }
    }

    /**
     * A method or constructor.
     *
     * @throws MissingTypeException if a type of its signature cannot be seen
     */
    static MethodModel method(ExecutableElement method, ProcessingEnvironment environment) {
        TypeElement owner = (TypeElement) Objects.requireNonNull(method.getEnclosingElement());
        boolean constructor = method.getKind() == ElementKind.CONSTRUCTOR;
        List<TypeUse> parameters = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (constructor
                && owner.getNestingKind() == NestingKind.MEMBER
                && !owner.getModifiers().contains(javax.lang.model.element.Modifier.STATIC)) {
            TypeMirror outer =
                    Objects.requireNonNull(owner.getEnclosingElement()).asType();
            parameters.add(use(environment.getTypeUtils().erasure(outer), environment));
            names.add("");
        }
        for (VariableElement parameter : method.getParameters()) {
            parameters.add(use(parameter.asType(), environment));
            names.add(parameter.getSimpleName().toString());
        }
        return new MethodModel(
                new SourceType(owner, environment),
                constructor ? MethodModel.CONSTRUCTOR : method.getSimpleName().toString(),
                parameters,
                constructor ? TypeUse.of("void", 0) : use(method.getReturnType(), environment),
                modifiers(method),
                names);
    }

    /**
     * A type where it stands.
     *
     * @throws MissingTypeException if it cannot be seen
     */
    static TypeUse use(TypeMirror type, ProcessingEnvironment environment) {
        return switch (type.getKind()) {
            case ARRAY -> {
                TypeUse element = use(((ArrayType) type).getComponentType(), environment);
                yield new TypeUse(element.name(), element.dimensions() + 1, element.variable(), List.of());
            }
            case ERROR -> throw new MissingTypeException(type.toString());
            case DECLARED -> {
                DeclaredType declared = (DeclaredType) type;
                List<TypeUse> arguments = new ArrayList<>();
                for (TypeMirror argument : declared.getTypeArguments()) {
                    arguments.add(argument(argument, environment));
                }
                yield new TypeUse(
                        environment
                                .getElementUtils()
                                .getBinaryName((TypeElement) declared.asElement())
                                .toString(),
                        0,
                        null,
                        arguments);
            }
            case TYPEVAR -> variable((TypeVariable) type, environment);
            case INTERSECTION -> use(((IntersectionType) type).getBounds().get(0), environment);
            default -> TypeUse.of(type.getKind().name().toLowerCase(Locale.ROOT), 0);
        };
    }

    /** That of a method counts as what bounds it; without arguments, among which may be the variable itself. */
    private static TypeUse variable(TypeVariable type, ProcessingEnvironment environment) {
        TypeUse bound = use(environment.getTypeUtils().erasure(type.getUpperBound()), environment);
        if (((TypeParameterElement) type.asElement()).getGenericElement() instanceof TypeElement owner) {
            String name = environment.getElementUtils().getBinaryName(owner) + "."
                    + type.asElement().getSimpleName();
            return new TypeUse(bound.name(), bound.dimensions(), name, List.of());
        }
        return bound;
    }

    private static TypeUse argument(TypeMirror argument, ProcessingEnvironment environment) {
        if (argument instanceof WildcardType wildcard) {
            TypeMirror bound = wildcard.getExtendsBound();
            return bound == null ? OBJECT : argument(bound, environment);
        }
        // Arguments of arguments do not matter, and a variable may be bounded by itself.
        return argument.getKind() == TypeKind.DECLARED
                ? use(environment.getTypeUtils().erasure(argument), environment)
                : use(argument, environment);
    }
}
