package dev.holdfast.definition;

/**
 * What is known of a field.
 *
 * @param owner the class that declares it
 * @param modifiers as {@link java.lang.reflect.Field#getModifiers} has them
 */
public record FieldModel(TypeModel owner, String name, TypeUse type, int modifiers) {}
