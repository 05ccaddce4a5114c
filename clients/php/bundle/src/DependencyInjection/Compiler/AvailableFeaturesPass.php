<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\DependencyInjection\Compiler;

use Symfony\Component\DependencyInjection\Compiler\CompilerPassInterface;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\DependencyInjection\Exception\LogicException;
use Symfony\Component\DependencyInjection\Reference;

/** What needs a service that this application does not have is left out; what was asked for by name is an error. */
final class AvailableFeaturesPass implements CompilerPassInterface
{
    private const NEEDS = [
        'twig' => ['understudy.twig.extension'],
        'validator' => ['understudy.validator.moderated'],
        'form.factory' => ['understudy.form.extension'],
    ];

    public function process(ContainerBuilder $container): void
    {
        foreach (self::NEEDS as $needed => $ids) {
            if ($container->has($needed)) {
                continue;
            }
            foreach ($ids as $id) {
                $container->removeDefinition($id);
            }
        }
        $this->bus($container);
        if ($container->hasDefinition('understudy.webhook.intake') && !$container->has((string) $container->getParameter('understudy.webhook.cache'))) {
            throw new LogicException('understudy.webhook.cache names no service: give a PSR-6 pool.');
        }
    }

    private function bus(ContainerBuilder $container): void
    {
        $bus = $container->getParameter('understudy.messenger.bus') ?? 'messenger.default_bus';
        \assert(\is_string($bus));
        $results = $container->getParameter('understudy.results');
        if ($container->has($bus)) {
            if ($results !== 'event') {
                $container->getDefinition('understudy.results')->setArgument('$bus', new Reference($bus));
            }

            return;
        }
        if ($results === 'message' || $container->getParameter('understudy.messenger.bus') !== null) {
            throw new LogicException('understudy.results is "message" or understudy.messenger.bus is set, but there is no such bus.');
        }
        foreach (['understudy.messenger.handler', 'understudy.messenger.source_serializer', 'understudy.messenger.stamp_source_message'] as $id) {
            $container->removeDefinition($id);
        }
        if ($container->hasDefinition('understudy.doctrine.listener')) {
            throw new LogicException('understudy.doctrine needs symfony/messenger and a bus.');
        }
    }
}
