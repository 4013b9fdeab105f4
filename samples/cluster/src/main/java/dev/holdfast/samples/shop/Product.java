package dev.holdfast.samples.shop;

/**
 * Something to buy.
 *
 * @param id as in addresses
 * @param name as people read it
 * @param about a few words more
 * @param cents the price of one
 */
public record Product(String id, String name, String about, int cents) {}
