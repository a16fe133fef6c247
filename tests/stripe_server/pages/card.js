// What a partner's card page must do with what stands behind the `#`: our side of the agreement, as an example.
const told = new URLSearchParams(location.hash.slice(1));
const stripe = Stripe("pk_test_chophien", { locale: told.get("language") });
const elements = stripe.elements({ clientSecret: told.get("client_secret") });
elements.create("payment").mount("#payment");
document.getElementById("back").href = told.get("return_url");
document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: told.get("return_url") } });
  document.getElementById("said").textContent = error.message; // only errors come back: all else leads away
});
