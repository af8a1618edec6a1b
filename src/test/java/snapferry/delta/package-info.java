@org.jspecify.annotations.NullMarked
package snapferry.delta;
