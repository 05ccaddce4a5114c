<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Symfony\Component\Form\Extension\Core\Type\TextType;
use Understudy\SymfonyBundle\Form\ModeratedTextExtension;

return static function (ContainerConfigurator $container): void {
    $container->services()->set('understudy.form.extension', ModeratedTextExtension::class)
        ->tag('form.type_extension', ['extended_type' => TextType::class, 'priority' => -10]);
};
