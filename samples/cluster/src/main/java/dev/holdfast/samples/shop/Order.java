package dev.holdfast.samples.shop;

/**
 * What is to be paid.
 *
 * @param id told to the bank, which takes the money for it once, however often it is asked
 * @param customer who pays
 * @param cents how much
 */
public record Order(String id, String customer, int cents) {}
