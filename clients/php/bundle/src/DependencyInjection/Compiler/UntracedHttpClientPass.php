<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\DependencyInjection\Compiler;

use Symfony\Component\DependencyInjection\Compiler\CompilerPassInterface;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\DependencyInjection\Reference;
use Symfony\Component\HttpClient\TraceableHttpClient;

/**
 * Takes Symfony's own recorder of HTTP requests out of the way of our clients. It would store every request's headers,
 * the API key among them, and whole bodies in the profiler. Our calls are in our panel, without secrets.
 */
final class UntracedHttpClientPass implements CompilerPassInterface
{
    public function process(ContainerBuilder $container): void
    {
        foreach ($container->findTaggedServiceIds('understudy.client') as $id => $tags) {
            $definition = $container->getDefinition($id);
            $reference = $definition->getArgument('$http');
            if (!$reference instanceof Reference) {
                continue;
            }
            $recorder = '.debug.' . $reference;
            if ($container->hasDefinition($recorder) && $container->getDefinition($recorder)->getClass() === TraceableHttpClient::class) {
                // Named as the decorator pass, which runs later, will name it.
                $definition->setArgument('$http', new Reference($recorder . '.inner', ContainerInterface::EXCEPTION_ON_INVALID_REFERENCE));
            }
        }
    }
}
