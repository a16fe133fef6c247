"""The hold on goods while money is on its way: waiting for a provider's answer, promised, another way to pay."""
