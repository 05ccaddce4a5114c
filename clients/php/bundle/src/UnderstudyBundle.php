<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle;

use Symfony\Component\DependencyInjection\Compiler\PassConfig;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\HttpKernel\Bundle\Bundle;
use Understudy\SymfonyBundle\DependencyInjection\Compiler\AvailableFeaturesPass;
use Understudy\SymfonyBundle\DependencyInjection\Compiler\UntracedHttpClientPass;

final class UnderstudyBundle extends Bundle
{
    public function build(ContainerBuilder $container): void
    {
        parent::build($container);
        // Before FrameworkBundle's passes (priority 0) collect the tagged services, and after they have made their recorders.
        $container->addCompilerPass(new AvailableFeaturesPass(), PassConfig::TYPE_BEFORE_OPTIMIZATION, 50);
        $container->addCompilerPass(new UntracedHttpClientPass(), PassConfig::TYPE_BEFORE_OPTIMIZATION, -100);
    }

    public function getPath(): string
    {
        return \dirname(__DIR__);
    }
}
