/**
 * A small web shop, as anybody might write it, made to run on several nodes behind a load balancer. What it knows of Holdfast are four
 * annotations:
 *
 * <ul>
 *   <li>{@code @SharedSession} on {@link dev.holdfast.samples.shop.ShopServer}: the cart is the same on every node;
 *   <li>{@code @RateLimited} on {@link dev.holdfast.samples.shop.Catalogue}: a limit for each customer, and one for all of them together;
 *   <li>{@code @Recover} on {@link dev.holdfast.samples.shop.Bank}, which pays, and on the server, which answers in any case;
 *   <li>{@code @NotifyOnFailure} on {@link dev.holdfast.samples.shop.Orders}: an order that could not be paid is told to a queue.
 * </ul>
 *
 * <p>{@link dev.holdfast.samples.shop.ShopServlet} is the same shop in a servlet container.
 */
package dev.holdfast.samples.shop;
